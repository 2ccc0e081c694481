import { ScopeId } from "../address.ts";
import { defineMachine } from "../definition.ts";
import type { Stamped } from "../event.ts";
import { datasetEffects } from "./effects.ts";
import { datasetMachine } from "./machine.ts";
import { type DatasetContext, DatasetEvent } from "./types.ts";

export const datasetDefinition = defineMachine<DatasetContext, Stamped<DatasetEvent>>({
  name: "dataset",
  version: 1,
  machine: datasetMachine,
  id: ScopeId,
  event: DatasetEvent,
  creators: ["dataset.opened"],
  // A pin to the local side serves what did not prove itself, so it is not a matter of support alone.
  staffEvents: { "dataset.pinned": "owner", "dataset.unpinned": "owner" },
  forceRole: "owner",
  neverByForce: ["setDatasetSource"],
  effects: datasetEffects,
  lookups: () => [],
});
