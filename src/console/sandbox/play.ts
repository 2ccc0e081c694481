// Plays the story hands-free, at reading speed. Any click or key takes over.
import { useEffect, useRef } from "preact/hooks";
import { doDeed, sandbox, useSandbox } from "./store.ts";

/** How long a change is looked at before the next one: the longer the newest message, the longer. Unit: milliseconds. */
const LOOK_MS = { least: 600, most: 1_500, perLetter: 6 } as const;
/** Something that happens by itself is waited for so long at most. */
const WAIT_MS = 8_000;

/** How long each change is on show; where many wait, less. Unit: milliseconds. */
const TELL_MS = { few: 700, many: 450, manyFrom: 6 } as const;
/** Between the last change and what the story does next. Unit: milliseconds. */
const BREATH_MS = 450;

/** The whole story is a matter of a minute: on a slow machine what is left of it is told faster. Unit: milliseconds. */
const HURRY_AFTER_MS = 38_000;

const isInHurry = (): boolean => {
  const { isPlaying, playingFrom } = sandbox.getSnapshot().context;
  return isPlaying && performance.now() - playingFrom > HURRY_AFTER_MS;
};

/** Lets the chart tell what changed, one change after another. */
export function useTelling(): void {
  const moment = useSandbox((known) => known.moments[0]);
  useEffect(() => {
    if (!moment) return;
    const { few, many, manyFrom } = TELL_MS;
    const isMuch = sandbox.getSnapshot().context.moments.length >= manyFrom || isInHurry();
    // From when it is drawn: a slow machine takes its time for that, and what is on show for less is not seen.
    let timer: ReturnType<typeof setTimeout> | undefined;
    const frame = requestAnimationFrame(() => {
      timer = setTimeout(() => sandbox.trigger.momentPassed({ moment }), isMuch ? many : few);
    });
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    };
  }, [moment]);
}

export function usePlay(): void {
  const isPlaying = useSandbox((known) => known.isPlaying);
  const isTold = useSandbox((known) => known.moments.length === 0);
  const state = useSandbox((known) => known.state);
  const settledAt = useRef(0);
  const isSettled = state !== null && state.clock.status !== "moving";
  const next = state?.play ? JSON.stringify(state.play) : null;
  const count = state?.deeds ?? 0;
  const letters = state?.chat.findLast((item) => item.kind === "bubble" && item.from === "bot");
  const lookMs = Math.min(
    LOOK_MS.most,
    LOOK_MS.least + LOOK_MS.perLetter * (letters?.kind === "bubble" ? letters.text.length : 0),
  );

  useEffect(() => {
    settledAt.current = performance.now();
  }, [isPlaying, isSettled, next, count]);

  useEffect(() => {
    if (!isPlaying || !isSettled || !isTold) return;
    // The message is read while the chart tells.
    const readMs = performance.now() - settledAt.current;
    const timer = setTimeout(
      () => {
        if (next === null) sandbox.trigger.playStopped();
        else void doDeed(JSON.parse(next));
      },
      next === null ? WAIT_MS : isInHurry() ? BREATH_MS : Math.max(BREATH_MS, lookMs - readMs),
    );
    return () => clearTimeout(timer);
    // `count`: two equal deeds in a row are two.
  }, [isPlaying, isSettled, isTold, next, count]);

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
