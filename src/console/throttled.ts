export interface Throttled {
  readonly call: () => void;
  readonly stop: () => void;
}

/** Calls at once, and then at most every `everyMs`; the last wish is never lost. */
export function throttled(work: () => void, everyMs: number): Throttled {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let isAsked = false;
  const run = () => {
    isAsked = false;
    timer = setTimeout(() => {
      timer = null;
      if (isAsked) run();
    }, everyMs);
    work();
  };
  return {
    call: () => {
      if (timer === null) run();
      else isAsked = true;
    },
    stop: () => {
      if (timer !== null) clearTimeout(timer);
      timer = null;
    },
  };
}
