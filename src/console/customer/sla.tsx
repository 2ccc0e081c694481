// What the customer's plans promise, and how it is kept.
import type { CustomerPage } from "../../support/answers/people.ts";
import { Chip } from "../parts/chips.tsx";
import { Time } from "../parts/time.tsx";
import { usePreference } from "../preferences.ts";
import { useWords, words } from "../words.ts";

const TEXTS = words({
  en: {
    title: "Promises of the plan",
    ready: "Ready within",
    refresh: "Data no older than",
    availability: "Available, last 30 days",
    now: "now",
    kept: "kept",
    broken: "broken",
    open: "not known yet",
    due: "due",
  },
  ru: {
    title: "Обещания тарифа",
    ready: "Готово за",
    refresh: "Данные не старше",
    availability: "Доступность за 30 дней",
    now: "сейчас",
    kept: "соблюдается",
    broken: "нарушено",
    open: "пока неизвестно",
    due: "срок",
  },
});

type Measure = CustomerPage["sla"][number]["measures"][number];

export function SlaCard({ sla }: { readonly sla: CustomerPage["sla"] }) {
  const t = useWords(TEXTS);
  const language = usePreference("language");
  const amount = (value: number, unit: Measure["unit"]): string =>
    new Intl.NumberFormat(language, {
      style: "unit",
      unit: unit === "percent" ? unit : unit.slice(0, -1),
      unitDisplay: "long",
      maximumFractionDigits: 1,
    }).format(value);
  if (sla.length === 0) return null;
  return (
    <section class="card stack" aria-labelledby="sla">
      <h2 id="sla">{t.title}</h2>
      {sla.map(({ product, plan, spreadsheetId, measures }) => (
        <div key={product} class="stack tight" data-sla={product}>
          <h3>
            {product} · {plan}
          </h3>
          {spreadsheetId !== null && <code class="small id">{spreadsheetId}</code>}
          <dl class="fact-list">
            {measures.map(({ what, limit, unit, measured, isBreached, until }) => (
              <>
                <dt>
                  {t[what]} {amount(limit, unit)}
                </dt>
                <dd data-measure={what}>
                  {measured !== null && `${t.now} ${amount(measured, unit)} `}
                  <Chip
                    text={isBreached === null ? t.open : isBreached ? t.broken : t.kept}
                    tone={isBreached === null ? "plain" : isBreached ? "bad" : "good"}
                  />
                  {until !== null && isBreached !== true && (
                    <span class="cell-sub">
                      {t.due} <Time at={until} isBrief />
                    </span>
                  )}
                </dd>
              </>
            ))}
          </dl>
        </div>
      ))}
    </section>
  );
}
