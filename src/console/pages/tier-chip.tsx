import { Chip } from "../parts/chips.tsx";
import { usePreference } from "../preferences.ts";
import { useWords } from "../words.ts";
import { PARITY_TEXTS } from "./parity-words.ts";

export type Tier = "none" | "green" | "yellow" | "red";
const TONES = { none: "plain", green: "good", yellow: "warn", red: "bad" } as const;

export function TierChip({ tier, count }: { readonly tier: Tier; readonly count?: number }) {
  const t = useWords(PARITY_TEXTS);
  return <Chip text={count === undefined ? t[tier] : `${t[tier]} ${count}`} tone={TONES[tier]} />;
}

/** Shares as percent; null, which is undefined, as a dash. With a limit: the limit below it. */
export function useShare() {
  const language = usePreference("language");
  const format = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 2 });
  const text = (value: number | null | undefined): string => (typeof value === "number" ? format.format(value) : "—");
  return (value: number | null | undefined, limit?: number, sign = "") =>
    limit === undefined ? (
      text(value)
    ) : (
      <>
        {text(value)}
        <span class="cell-sub">
          {sign} {text(limit)}
        </span>
      </>
    );
}
