// Names of events, timers and effects as people read them.

/** `xstate.after.graceWindow.…` and such are the library's names: what people call them. */
export function eventName(type: string): string {
  const after = /^xstate\.after\.([^.]+)/.exec(type);
  if (after) return `after ${after[1]}`;
  const ended = /^xstate\.(done|error)\.(?:actor|state)\.(.+)$/.exec(type);
  if (ended) return `${ended[1]} ${ended[2]}`;
  return type === "xstate.init" ? "created" : type;
}

/** A timer's id is `<delay>.<state>`; the state's path has dots, the delay's name has none. */
export function timerName(id: string): { readonly delay: string; readonly state: string } {
  const bare = id.replace(/^xstate\.after\./, "");
  const dot = bare.indexOf(".");
  return dot < 0 ? { delay: bare, state: "" } : { delay: bare.slice(0, dot), state: bare.slice(dot + 1) };
}

/** An effect's id is `<address>|<sequence number>|<n>`; null for what has no actor. */
export function addressOfEffect(effectId: string): string | null {
  const bar = effectId.indexOf("|");
  return bar > 0 && effectId.includes("/") ? effectId.slice(0, bar) : null;
}
