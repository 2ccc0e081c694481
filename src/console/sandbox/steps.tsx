import type { SandboxState } from "../../support/answers/sandbox.ts";
import { Icon } from "../parts/icon.tsx";
import { useWords } from "../words.ts";
import { TEXTS } from "./words.ts";

/** How far the story is: done steps, then the next one. */
export function Steps({ steps }: { readonly steps: SandboxState["steps"] }) {
  const t = useWords(TEXTS);
  const next = steps.findIndex(({ isDone }) => !isDone);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: on a phone it scrolls sideways
    <ol class="steps" aria-label={t.story} tabIndex={0}>
      {steps.map(({ key, isDone }, index) => (
        <li key={key} data-step={key} data-done={isDone} aria-current={index === next ? "step" : undefined}>
          <b>
            {isDone ? <Icon name="check" /> : `${index + 1}.`} {t[`step_${key}`]}
            {isDone && <span class="visually-hidden"> ({t.done})</span>}
          </b>
          <span class="quiet-text small">{t[`hint_${key}`]}</span>
        </li>
      ))}
    </ol>
  );
}
