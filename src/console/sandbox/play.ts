// Plays the story hands-free, at reading speed. Any click or key takes over.
import { useEffect } from "preact/hooks";
import { doDeed, sandbox, useSandbox } from "./store.ts";

/** How long a change is looked at before the next one: the longer the newest message, the longer. Unit: milliseconds. */
const LOOK_MS = { least: 700, most: 1_800, perLetter: 7 } as const;
/** Something that happens by itself is waited for so long at most. */
const WAIT_MS = 8_000;

export function usePlay(): void {
  const isPlaying = useSandbox((known) => known.isPlaying);
  const state = useSandbox((known) => known.state);
  const isSettled = state?.clock.status === "settled";
  const next = state?.play ? JSON.stringify(state.play) : null;
  const count = state?.deeds ?? 0;
  const letters = state?.chat.findLast((item) => item.kind === "bubble" && item.from === "bot");
  const lookMs = Math.min(
    LOOK_MS.most,
    LOOK_MS.least + LOOK_MS.perLetter * (letters?.kind === "bubble" ? letters.text.length : 0),
  );

  useEffect(() => {
    if (!isPlaying || !isSettled) return;
    const timer = setTimeout(
      () => {
        if (next === null) sandbox.trigger.playStopped();
        else void doDeed(JSON.parse(next));
      },
      next === null ? WAIT_MS : lookMs,
    );
    return () => clearTimeout(timer);
    // `count`: two equal deeds in a row are two.
  }, [isPlaying, isSettled, next, count]);

  useEffect(() => {
    if (!isPlaying) return;
    const takeOver = (event: Event) => {
      if (event instanceof KeyboardEvent && ["Tab", "Shift", "Control", "Alt", "Meta"].includes(event.key)) return;
      // Its own button stops it by itself.
      if (event.target instanceof Element && event.target.closest("[data-play]")) return;
      sandbox.trigger.playStopped();
    };
    document.addEventListener("pointerdown", takeOver, true);
    document.addEventListener("keydown", takeOver, true);
    return () => {
      document.removeEventListener("pointerdown", takeOver, true);
      document.removeEventListener("keydown", takeOver, true);
    };
  }, [isPlaying]);
}
