// Which side is in force for a dataset of a spreadsheet, by the decisions that came in.
import { z } from "zod";
import { SourceTag } from "../../../backend/contract/primitives.ts";

export const Decision = z.object({
  spreadsheetId: z.string(),
  dataset: z.string(),
  source: SourceTag,
  reason: z.string().nullable(),
  decisionId: z.string(),
  /** Epoch ms. */
  decidedAt: z.number(),
});
export type Decision = z.output<typeof Decision>;

/** Before any decision: proxy first. */
const AT_FIRST: SourceTag = "upstream";

export type Verdict =
  | { readonly kind: "inForce"; readonly changed: boolean; readonly isNew: boolean }
  | { readonly kind: "stale" }
  | { readonly kind: "contradiction" };

export class Decisions {
  readonly #inForce = new Map<string, Decision>();

  constructor(decisions: readonly Decision[] = []) {
    for (const decision of decisions) this.#inForce.set(scopeOf(decision), decision);
  }

  sourceOf(spreadsheetId: string, dataset: string): SourceTag {
    return this.#inForce.get(scopeOf({ spreadsheetId, dataset }))?.source ?? AT_FIRST;
  }

  /** `contradiction`: the decision in force has this id and says something else. */
  decide(decision: Decision): Verdict {
    const current = this.#inForce.get(scopeOf(decision));
    if (current?.decisionId === decision.decisionId) {
      return current.source === decision.source && current.decidedAt === decision.decidedAt
        ? { kind: "inForce", changed: false, isNew: false }
        : { kind: "contradiction" };
    }
    if (current && decision.decidedAt < current.decidedAt) return { kind: "stale" };
    const changed = this.sourceOf(decision.spreadsheetId, decision.dataset) !== decision.source;
    this.#inForce.set(scopeOf(decision), decision);
    return { kind: "inForce", changed, isNew: true };
  }

  dump(): readonly Decision[] {
    return [...this.#inForce.values()];
  }
}

const scopeOf = ({ spreadsheetId, dataset }: Pick<Decision, "spreadsheetId" | "dataset">): string =>
  `${spreadsheetId}/${dataset}`;
