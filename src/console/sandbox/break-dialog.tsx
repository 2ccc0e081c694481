import type { SandboxState } from "../../support/answers/sandbox.ts";
import { Dialog } from "../parts/dialog.tsx";
import { useWords } from "../words.ts";
import { doDeed } from "./store.ts";
import { TEXTS } from "./words.ts";

export function BreakDialog({ state, onClose }: { readonly state: SandboxState; readonly onClose: () => void }) {
  const t = useWords(TEXTS);
  const texts: Readonly<Record<string, string>> = t;
  return (
    <Dialog
      title={t.breakTitle}
      onClose={onClose}
      foot={
        <button type="button" onClick={onClose}>
          {t.close}
        </button>
      }
    >
      <p>{t.breakIntro}</p>
      <ul class="breakages">
        {state.breakages.map(({ what, isOn, isOnce, isPossible }) => (
          <li key={what} data-on={isOn}>
            <span id={`break-${what}`}>
              <b>{t[what]}</b>
              <span class="quiet-text small">
                {t[`${what}Does`]}
                {isOnce ? ` (${isPossible ? t.happensOnce : texts[`${what}First`]})` : ""}
              </span>
            </span>
            {isOnce ? (
              <button
                type="button"
                aria-describedby={`break-${what}`}
                disabled={!isPossible}
                onClick={() => {
                  onClose();
                  void doDeed({ do: "break", what, on: true });
                }}
              >
                {t.doIt}
              </button>
            ) : (
              <button
                type="button"
                role="switch"
                aria-checked={isOn}
                aria-labelledby={`break-${what}`}
                onClick={() => void doDeed({ do: "break", what, on: !isOn })}
              >
                {isOn ? t.on : t.off}
              </button>
            )}
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
