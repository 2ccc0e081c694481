// What a page says while it has nothing to show.

import type { ComponentChildren } from "preact";
import type { ApiError } from "../api.ts";
import type { Resource } from "../resource.ts";
import { fill, useWords, words } from "../words.ts";

const TEXTS = words({
  en: { loading: "Loading…", again: "Try again", request: "Request", wait: "Try again in {n} s." },
  ru: { loading: "Загружаем…", again: "Повторить", request: "Запрос", wait: "Попробуйте снова через {n} с." },
});

export function ProblemNote({ error, onAgain }: { readonly error: ApiError; readonly onAgain?: () => void }) {
  const t = useWords(TEXTS);
  return (
    <div class="note bad" role="alert">
      <p>{error.message}</p>
      {error.retryAfterSeconds !== null && <p>{fill(t.wait, { n: error.retryAfterSeconds })}</p>}
      {error.fields.length > 0 && (
        <ul>
          {error.fields.map((field) => (
            <li key={field}>{field}</li>
          ))}
        </ul>
      )}
      {error.requestId && (
        <p class="small">
          {t.request} <code>{error.requestId}</code>
        </p>
      )}
      {onAgain && (
        <button type="button" onClick={onAgain}>
          {t.again}
        </button>
      )}
    </div>
  );
}

export function Note({
  tone = "info",
  children,
}: {
  readonly tone?: "info" | "warn" | "bad" | "good";
  readonly children: ComponentChildren;
}) {
  return <div class={`note ${tone}`}>{children}</div>;
}

/** The data when it is there, otherwise what is the matter. */
export function Loaded<T>({
  resource,
  children,
}: {
  readonly resource: Resource<T>;
  readonly children: (data: T) => ComponentChildren;
}) {
  const t = useWords(TEXTS);
  if (resource.data !== null) {
    return (
      <>
        {resource.error && <ProblemNote error={resource.error} onAgain={resource.reload} />}
        {children(resource.data)}
      </>
    );
  }
  if (resource.error) return <ProblemNote error={resource.error} onAgain={resource.reload} />;
  return <p class="loading">{t.loading}</p>;
}
