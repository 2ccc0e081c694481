// What may be held against each other for the gate (contract 10.3).
import type { Day, Side } from "../../../machines/dataset/gate.ts";
import type { FrozenSlice, FrozenSlices, Scope } from "./ports.ts";

/** null: there is none, or it was filled in later, with values as of then. */
export async function comparedSlice(
  slices: Pick<FrozenSlices, "readFrozen">,
  scope: Scope,
  side: Side,
  day: Day,
): Promise<FrozenSlice | null> {
  const slice = await slices.readFrozen(scope, side, day);
  return slice?.origin === "collection" ? slice : null;
}
