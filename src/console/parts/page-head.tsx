// The first line of a page: what it is, how fresh it is, and the same data for programs.
import type { ComponentChildren } from "preact";
import type { LiveState } from "../live.ts";
import { useTitle } from "../title.ts";
import { useWords, words } from "../words.ts";
import { Chip } from "./chips.tsx";

const TEXTS = words({
  en: {
    live: "live",
    away: "not live: reconnecting",
    connecting: "connecting",
    json: "JSON",
    jsonOf: "The same as JSON",
  },
  ru: {
    live: "обновляется",
    away: "нет связи: подключаемся",
    connecting: "подключаемся",
    json: "JSON",
    jsonOf: "То же в JSON",
  },
});

export function PageHead({
  title,
  twin,
  live,
  lead,
  children,
}: {
  readonly title: string;
  /** Path and query below `/console/api`. */
  readonly twin?: string;
  readonly live?: LiveState;
  readonly lead?: ComponentChildren;
  readonly children?: ComponentChildren;
}) {
  const t = useWords(TEXTS);
  useTitle(title);
  return (
    <div class="page-head">
      <div class="row apart">
        <div class="row">
          <h1>{title}</h1>
          {live && <Chip text={t[live]} tone={live === "live" ? "good" : live === "away" ? "warn" : "plain"} />}
        </div>
        <div class="row">
          {children}
          {twin && (
            <a class="button small" href={`/console/api${twin}`} target="_blank" rel="noopener" aria-label={t.jsonOf}>
              {t.json}
            </a>
          )}
        </div>
      </div>
      {lead && <p class="quiet-text">{lead}</p>}
    </div>
  );
}
