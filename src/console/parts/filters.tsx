// Filters of a list: each change goes into the page's address.
import type { ComponentChildren } from "preact";
import { useEffect, useId, useState } from "preact/hooks";
import { useWords, words } from "../words.ts";

const TEXTS = words({
  en: { filter: "Filter", all: "All", first: "To the first", next: "Next page", pages: "Pages of the list" },
  ru: { filter: "Отбор", all: "Все", first: "К началу", next: "Следующая страница", pages: "Страницы списка" },
});

export function FilterBar({ children }: { readonly children: ComponentChildren }) {
  const t = useWords(TEXTS);
  return (
    <search class="filter-bar" aria-label={t.filter}>
      {children}
    </search>
  );
}

export interface Option {
  readonly value: string;
  readonly label: string;
  readonly disabled?: boolean;
}

/** The empty value is "all". */
export function SelectFilter({
  label,
  value,
  options,
  onChange,
  all,
}: {
  readonly label: string;
  readonly value: string;
  readonly options: readonly Option[];
  readonly onChange: (value: string) => void;
  /** What the empty value is called; null: there is none. */
  readonly all?: string | null;
}) {
  const t = useWords(TEXTS);
  const id = useId();
  const isUnknown = value !== "" && !options.some((option) => option.value === value);
  return (
    <div class="labeled">
      <label for={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        {all !== null && <option value="">{all ?? t.all}</option>}
        {isUnknown && <option value={value}>{value}</option>}
        {options.map((option) => (
          <option key={option.value} value={option.value} disabled={option.disabled === true}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  );
}

/** Takes effect on Enter and when it is left, not on every letter. */
export function TextFilter({
  label,
  value,
  onChange,
  placeholder,
}: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly placeholder?: string;
}) {
  const id = useId();
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  const commit = () => {
    if (text.trim() !== value) onChange(text.trim());
  };
  return (
    <div class="labeled">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="search"
        autocomplete="off"
        value={text}
        {...(placeholder ? { placeholder } : {})}
        onInput={(event) => setText(event.currentTarget.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === "Enter") commit();
        }}
      />
    </div>
  );
}

/** Forward only, as the service reads; the way back is the browser's own. */
export function Pager({
  firstHref,
  nextHref,
}: {
  /** Null on the first page. */
  readonly firstHref: string | null;
  /** Null on the last page. */
  readonly nextHref: string | null;
}) {
  const t = useWords(TEXTS);
  if (firstHref === null && nextHref === null) return null;
  return (
    <nav class="row end" aria-label={t.pages}>
      {firstHref !== null && (
        <a class="button" href={firstHref}>
          {t.first}
        </a>
      )}
      {nextHref !== null && (
        <a class="button" href={nextHref} rel="next">
          {t.next}
        </a>
      )}
    </nav>
  );
}
