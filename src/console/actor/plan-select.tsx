// A plan, chosen from those on sale: what stands in the event are its terms as they are now.
import type { JSX } from "preact";
import type { PlanOnSale, PlansOnSale } from "../../support/answers/plans.ts";
import { formatMoney } from "../money.ts";
import { Loaded } from "../parts/feedback.tsx";
import { duration } from "../parts/time.tsx";
import { type Language, usePreference } from "../preferences.ts";
import { useResource } from "../resource.ts";
import { fill, useWords } from "../words.ts";
import { FORM_TEXTS } from "./form-words.ts";

export function PlanSelect({
  common,
  product,
  value,
  onChange,
}: {
  readonly common: JSX.HTMLAttributes<HTMLSelectElement>;
  readonly product: string | null;
  /** Terms as JSON; "" before anything was chosen. */
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  const t = useWords(FORM_TEXTS);
  const language = usePreference("language");
  const plans = useResource<PlansOnSale>("/api/v1/plans");
  const chosen = keyOf(value);
  return (
    <Loaded resource={plans}>
      {({ plans: all }) => {
        const offered = all.filter((plan) => product === null || plan.product === product);
        const isOwn = chosen !== "" && !offered.some((plan) => keyOfPlan(plan) === chosen);
        return (
          <select
            {...common}
            value={chosen}
            onChange={({ currentTarget }) => {
              const plan = offered.find((one) => keyOfPlan(one) === currentTarget.value);
              if (plan) onChange(JSON.stringify(plan.terms));
            }}
          >
            {chosen === "" && <option value="">{`— ${t.plan} —`}</option>}
            {isOwn && <option value={chosen}>{fill(t.ownPlan, { plan: chosen.split(" ")[0] ?? "" })}</option>}
            {offered.map((plan) => (
              <option key={plan.code} value={keyOfPlan(plan)}>
                {inWords(plan, language, t.life)}
              </option>
            ))}
          </select>
        );
      }}
    </Loaded>
  );
}

const keyOfPlan = ({ terms }: PlanOnSale): string => `${terms.planCode} ${terms.planVersion}`;

/** Code and version of the plan; "" where these are no terms. */
function keyOf(value: string): string {
  try {
    const { planCode, planVersion } = JSON.parse(value) as { planCode?: string; planVersion?: string };
    return planCode === undefined ? "" : `${planCode} ${planVersion ?? ""}`;
  } catch {
    return "";
  }
}

function inWords({ title, price, periodMs }: PlanOnSale, language: Language, life: string): string {
  const period = periodMs === null ? life : duration(periodMs, language);
  return `${title[language]} · ${formatMoney(price.amountMinor, price.currency, language)} · ${period}`;
}
