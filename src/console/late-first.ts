import type { Timers } from "../support/answers/operations.ts";

type Line = Timers["timers"][number];

/** Late ones on top, those that wait longest first; then by due time. */
export const lateFirst = (timers: readonly Line[]): readonly Line[] =>
  [...timers].sort((one, other) => Number(other.lateMs > 0) - Number(one.lateMs > 0) || one.dueAt - other.dueAt);
