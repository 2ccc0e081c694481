import { useState } from "preact/hooks";
import type { SandboxState } from "../../support/answers/sandbox.ts";
import { Dialog } from "../parts/dialog.tsx";
import { useWords } from "../words.ts";
import { doDeed } from "./store.ts";
import { TEXTS } from "./words.ts";

export function BreakDialog({ state, onClose }: { readonly state: SandboxState; readonly onClose: () => void }) {
  const t = useWords(TEXTS);
  const [chosen, setChosen] = useState<string | null>(null);
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
        {state.breakages.map(({ what, isOn, isOnce, isPossible, choices, choice }) => (
          <li key={what} data-on={isOn}>
            <span id={`break-${what}`}>
              <b>{t[what]}</b>
              <span class="quiet-text small">
                {t[`${what}Does`]}
                {isPossible ? (isOnce ? ` (${t.happensOnce})` : "") : ` (${texts[`${what}First`]})`}
              </span>
            </span>
            {choices.length > 0 && (
              <select
                aria-label={t.whichKey}
                disabled={!isPossible}
                value={chosen ?? choice ?? ""}
                onChange={({ currentTarget: { value } }) => {
                  setChosen(value);
                  if (isOn) void doDeed({ do: "break", what, on: true, choice: value });
                }}
              >
                {choices.map((one) => (
                  <option key={one}>{one}</option>
                ))}
              </select>
            )}
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
                disabled={!isPossible}
                onClick={() =>
                  void doDeed({
                    do: "break",
                    what,
                    on: !isOn,
                    ...(chosen && choices.length > 0 ? { choice: chosen } : {}),
                  })
                }
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
