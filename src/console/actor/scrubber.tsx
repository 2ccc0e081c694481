// Time as a slider: one step per event, its right end is the present.
import { Icon } from "../parts/icon.tsx";
import { fill, useWords, words } from "../words.ts";

const TEXTS = words({
  en: {
    label: "Event of the history",
    before: "One event back",
    after: "One event on",
    live: "Live",
    now: "Live · event {newest} is the newest",
    empty: "Live · no events yet",
    past: "You are looking at the past: event {seq} of {newest}. Nothing here changes the customer.",
    escape: "Esc: back to live",
    at: "event {seq} of {newest}",
  },
  ru: {
    label: "Событие истории",
    before: "На событие назад",
    after: "На событие вперёд",
    live: "Сейчас",
    now: "Сейчас · последнее событие — {newest}",
    empty: "Сейчас · событий ещё нет",
    past: "Вы смотрите в прошлое: событие {seq} из {newest}. Здесь ничего нельзя изменить у клиента.",
    escape: "Esc — назад в настоящее",
    at: "событие {seq} из {newest}",
  },
});

export function Scrubber({
  seq,
  newest,
  onMove,
}: {
  /** Null: live. */
  readonly seq: number | null;
  readonly newest: number;
  /** @param to the newest one or more: live */
  readonly onMove: (to: number) => void;
}) {
  const t = useWords(TEXTS);
  const at = seq ?? newest;
  const values = { seq: at, newest };
  return (
    <section class="card scrubber" aria-label={t.label}>
      <div class="scrub-row">
        <button type="button" aria-label={t.before} disabled={at <= 1} onClick={() => onMove(at - 1)}>
          <Icon name="left" />
        </button>
        <input
          type="range"
          min={1}
          max={Math.max(newest, 1)}
          step={1}
          value={at}
          disabled={newest < 2}
          aria-label={t.label}
          aria-valuetext={seq === null ? t.live : fill(t.at, values)}
          onInput={(event) => onMove(Number(event.currentTarget.value))}
        />
        <button type="button" aria-label={t.after} disabled={seq === null} onClick={() => onMove(at + 1)}>
          <Icon name="right" />
        </button>
        <button type="button" disabled={seq === null} onClick={() => onMove(newest)}>
          {t.live}
        </button>
      </div>
      {/* Always there, so that what appears in it is announced. */}
      <div role="status">
        {seq !== null && (
          <p class="note warn row apart past-banner">
            <span>{fill(t.past, values)}</span>
            <span class="small">{t.escape}</span>
          </p>
        )}
      </div>
      {seq === null && <p class="quiet-text small">{fill(newest < 1 ? t.empty : t.now, values)}</p>}
    </section>
  );
}
