// What a command would do, as people read it.
import type { ActorAddress } from "../../machines/address.ts";
import type { Force } from "../runtime/force.ts";
import type { ActorPlan, Foresight } from "../runtime/foresight-ports.ts";
import type { ActorEvent, Actors, ActorView } from "../runtime/ports.ts";
import type { Plan } from "./answers/actors.ts";
import { noActor } from "./no-actor.ts";

/** What customers would be told by these effects, with the actors as they would be. */
export type Told = (plan: Pick<ActorPlan, "effects" | "foreseen" | "assumptions">) => Promise<Plan["told"]>;

export interface PreviewDeps {
  readonly actors: Pick<Actors, "read">;
  readonly foresight: Pick<Foresight, "plan" | "planForce">;
  readonly told: Told;
  readonly needsApproval: (view: ActorView, event: ActorEvent) => boolean;
}

export interface Preview {
  /** @param event signed. @throws AppError actor.noActor, and what `Foresight.plan` throws */
  event(address: ActorAddress, event: ActorEvent): Promise<Plan>;
  /** Of a forced state. @throws AppError actor.noActor, and what `Foresight.planForce` throws */
  force(address: ActorAddress, force: Force): Promise<Plan>;
}

export function makePreview({ actors, foresight, told, needsApproval }: PreviewDeps): Preview {
  return {
    async event(address, event) {
      const plan = await foresight.plan(address, event);
      if (plan.step.outcome === "noActor") throw noActor(address);
      const view = await actors.read(address);
      return answerOf(plan, view !== null && needsApproval(view, event), await told(plan));
    },
    async force(address, force) {
      const plan = await foresight.planForce(address, force);
      if (plan.step.outcome === "noActor") throw noActor(address);
      return answerOf(plan, false, await told(plan));
    },
  };
}

function answerOf(
  { expectedRev, effects: _effects, foreseen: _foreseen, assumptions: _assumptions, ...plan }: ActorPlan,
  approval: boolean,
  told: Plan["told"],
): Plan {
  const { before, after, step, follows, entryEffects, ...rest } = plan;
  return {
    ...{ ...rest, expectedSeq: expectedRev, told, approval },
    ...{ before: [...before], after: [...after], entryEffects: [...entryEffects] },
    ...{ step: writable(step), follows: follows.map(writable) },
  };
}

const writable = ({ from, to, effects, timersSet, timersCancelled, ...step }: ActorPlan["step"]): Plan["step"] => ({
  ...{ ...step, from: [...from], to: [...to], effects: [...effects] },
  ...{ timersSet: [...timersSet], timersCancelled: [...timersCancelled] },
});
