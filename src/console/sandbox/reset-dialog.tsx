import type { Seed } from "../../support/answers/sandbox.ts";
import { Dialog } from "../parts/dialog.tsx";
import { usePreference } from "../preferences.ts";
import { useWords } from "../words.ts";
import { reset } from "./store.ts";
import { TEXTS } from "./words.ts";

export const SEEDS: readonly Seed[] = [
  "new",
  "onboarding",
  "active",
  "autonomous",
  "grace",
  "hold",
  "expired",
  "revoked",
];

export function ResetDialog({ onClose }: { readonly onClose: () => void }) {
  const t = useWords(TEXTS);
  const language = usePreference("language");
  return (
    <Dialog
      title={t.resetTitle}
      onClose={onClose}
      foot={
        <button type="button" onClick={onClose}>
          {t.cancel}
        </button>
      }
    >
      <p>{t.resetIntro}</p>
      <div class="seeds">
        {SEEDS.map((seed) => (
          <button
            key={seed}
            type="button"
            class={seed === "new" ? "primary" : ""}
            data-seed={seed}
            onClick={() => {
              onClose();
              void reset(seed, language);
            }}
          >
            {t[`seed_${seed}`]} <code>{seed}</code>
          </button>
        ))}
      </div>
    </Dialog>
  );
}
