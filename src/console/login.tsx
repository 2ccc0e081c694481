// Who is not known yet proves it with their token, once; from then on a signed cookie does.
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { ApiError, send } from "./api.ts";
import { ProblemNote } from "./parts/feedback.tsx";
import { useTitle } from "./title.ts";
import { useWords, words } from "./words.ts";

const TEXTS = words({
  en: {
    title: "Log in",
    token: "Access token",
    help: "The one that you were given; its hash stands in ADMIN_TOKENS. It is sent to this service only and not kept in the browser.",
    enter: "Log in",
    missing: "Missing: the token",
    wrong: "This token is not known here.",
  },
  ru: {
    title: "Вход",
    token: "Токен доступа",
    help: "Тот, что вам выдали; его хеш указан в ADMIN_TOKENS. Отправляется только этому сервису и в браузере не хранится.",
    enter: "Войти",
    missing: "Не хватает токена",
    wrong: "Такой токен здесь не известен.",
  },
});

export function LoginPage({ onEntered }: { readonly onEntered: () => void }) {
  const t = useWords(TEXTS);
  const field = useId();
  const [token, setToken] = useState("");
  const [error, setError] = useState<ApiError | null>(null);
  const [isBusy, setBusy] = useState(false);
  useTitle(t.title);
  const input = useRef<HTMLInputElement>(null);
  // The page is drawn by its script: nobody else would put the cursor there.
  useEffect(() => input.current?.focus(), []);
  const enter = async () => {
    setBusy(true);
    setError(null);
    try {
      await send("/console/session", { token: token.trim() });
      onEntered();
    } catch (problem) {
      if (!(problem instanceof ApiError)) throw problem;
      setError(problem.status === 401 ? new ApiError({ status: 401, detail: t.wrong }) : problem);
    } finally {
      setBusy(false);
    }
  };
  return (
    <main class="login">
      <form
        class="card stack"
        onSubmit={(event) => {
          event.preventDefault();
          void enter();
        }}
      >
        <h1>{t.title}</h1>
        <div class="stack tight">
          <label for={field}>{t.token}</label>
          <input
            id={field}
            class="wide"
            type="password"
            autocomplete="current-password"
            ref={input}
            required
            value={token}
            onInput={(event) => setToken(event.currentTarget.value)}
            aria-describedby={`${field}-help`}
          />
          <p class="small quiet-text" id={`${field}-help`}>
            {t.help}
          </p>
        </div>
        {error && <ProblemNote error={error} />}
        {!isBusy && token.trim() === "" && <span class="missing">{t.missing}</span>}
        <button type="submit" class="primary" disabled={isBusy || token.trim() === ""}>
          {t.enter}
        </button>
      </form>
    </main>
  );
}
