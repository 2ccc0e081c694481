// Names of timers and effects as people read them.

/** A timer's id is `<delay>.<state>`; the state's path has dots, the delay's name has none. */
export function timerName(id: string): { readonly delay: string; readonly state: string } {
  const dot = id.indexOf(".");
  return dot < 0 ? { delay: id, state: "" } : { delay: id.slice(0, dot), state: id.slice(dot + 1) };
}

/** An effect's id is `<address>|<sequence number>|<n>`; null for what has no actor. */
export function addressOfEffect(effectId: string): string | null {
  const bar = effectId.indexOf("|");
  return bar > 0 && effectId.includes("/") ? effectId.slice(0, bar) : null;
}
