// One command to many actors: looked at first, confirmed by typing how many, and resumed by repeating it.
import { createHash } from "node:crypto";
import { type ActorAddress, type MachineName, parseAddress } from "../../machines/address.ts";
import { AppError, isAppError } from "../errors.ts";
import type { ApprovalLimits } from "../policies.ts";
import type { ActorEvent, Actors, Outcome } from "../runtime/ports.ts";
import { keyReused, meaningOf } from "../runtime/same-event.ts";
import type { BulkPlan } from "./answers/bulk.ts";
import type { Approval, BulkDone } from "./answers/people.ts";
import type { Approvals, CarryOut, Order } from "./approvals.ts";
import type { BulkForesight } from "./bulk-foresight.ts";
import type { StaffCommands } from "./commands.ts";
import { inParallel } from "./in-parallel.ts";
import type { StaffMember } from "./staff.ts";

/** More than that is a change of the plans or a case for a program of its own. Unit: actors. */
export const BULK_MOST = 2_000;
/** Actors moved at the same time. */
const AT_ONCE = 16;
const PAGE = 500;

/** Whom it is meant for. */
export type BulkScope =
  | { readonly machine: MachineName; readonly state: string }
  | { readonly addresses: readonly ActorAddress[] };

export interface BulkCommand {
  readonly member: StaffMember;
  readonly scope: BulkScope;
  /** Unchecked and unsigned. */
  readonly event: ActorEvent;
  readonly reason: string;
}

export interface ConfirmedBulk extends BulkCommand {
  readonly idempotencyKey: string;
  /** Of the plan that was seen. */
  readonly planHash: string;
  /** As it was typed. */
  readonly count: number;
}

export type BulkAnswered =
  | { readonly kind: "done"; readonly done: BulkDone }
  | { readonly kind: "held"; readonly approval: Approval };

/** A confirmed command as it is kept, so that repeating it means the same actors. */
export interface KeptBulk {
  readonly event: ActorEvent;
  readonly addresses: readonly ActorAddress[];
}

/** Kept for seven days. */
export interface BulkStore {
  /** @returns what is kept under this id: the given one, or the one that was there before. @throws AppError redis.unreachable */
  put(id: string, bulk: KeptBulk): Promise<KeptBulk>;
  /** @throws AppError redis.unreachable */
  read(id: string): Promise<KeptBulk | null>;
}

export interface Bulk {
  /** @throws AppError bulk.tooMany, http.badRequest, and what signing and planning throw */
  plan(command: BulkCommand): Promise<BulkPlan>;
  /** @throws AppError the same; bulk.changed, command.keyReused, command.numberDiffers; redis.unreachable: repeat it, and it goes on */
  run(command: ConfirmedBulk): Promise<BulkAnswered>;
  /** One that a second person approved. */
  readonly carryOut: CarryOut["bulk"];
}

export interface BulkDeps {
  readonly actors: Pick<Actors, "send" | "pageInState">;
  readonly commands: Pick<StaffCommands, "sign">;
  readonly approvals: Pick<Approvals, "ask" | "askedBefore">;
  readonly store: BulkStore;
  readonly foresee: BulkForesight;
  readonly limits: () => ApprovalLimits;
}

export function makeBulk({ actors, commands, approvals, store, foresee, limits }: BulkDeps): Bulk {
  const meant = async (scope: BulkScope): Promise<readonly ActorAddress[]> => {
    const found: ActorAddress[] = [];
    if ("addresses" in scope) found.push(...new Set(scope.addresses));
    else {
      let cursor: string | null = null;
      do {
        const page = await actors.pageInState(scope.machine, scope.state, cursor, PAGE);
        found.push(...page.addresses);
        cursor = page.cursor;
      } while (cursor !== null && found.length <= BULK_MOST);
    }
    if (found.length > BULK_MOST)
      throw new AppError("bulk.tooMany", { details: { fields: [`at most ${BULK_MOST} actors at once`] } });
    return found.sort();
  };

  /** Signed once for all: they are of one machine. */
  const signed = ({ member, event, reason }: BulkCommand, addresses: readonly ActorAddress[]): ActorEvent => {
    const [first] = addresses;
    if (first === undefined) return event;
    if (new Set(addresses.map((address) => parseAddress(address).machine)).size > 1)
      throw new AppError("http.badRequest", { details: { fields: ["addresses: must be of one machine"] } });
    return commands.sign({ member, address: first, event, reason });
  };

  /** What is compared, and told where it is asked for. */
  const lookAt = async (event: ActorEvent, addresses: readonly ActorAddress[]) => {
    const seen = await foresee.all(event, addresses);
    const planHash = hashOf([meaningOf(event), seen.map(({ hash }) => hash)]);
    const approval = addresses.length > limits().bulkAbove || seen.some(({ needsApproval }) => needsApproval);
    return { seen, planHash, approval };
  };

  const carry = async ({ event, addresses }: KeptBulk, { id, by, reason }: Order): Promise<BulkDone> => {
    const done = { applied: 0, ignored: 0, duplicate: 0, failed: [] as BulkDone["failed"] };
    await inParallel(AT_ONCE, addresses, async (address) => {
      const name = `bulk ${id}`;
      try {
        const options = { cause: { kind: "staff", id, by, reason }, key: name, once: name } as const;
        const { outcome } = await actors.send(address, event, options);
        done[COUNTED[outcome]] += 1;
      } catch (error) {
        // Without Redis nothing goes on; whoever repeats the command continues here.
        if (!isAppError(error) || error.code === "redis.unreachable") throw error;
        done.failed.push({ address, code: error.code });
      }
    });
    return { ...done, failed: done.failed.sort((a, b) => (a.address < b.address ? -1 : 1)) };
  };

  return {
    async plan(command) {
      const addresses = await meant(command.scope);
      const event = signed(command, addresses);
      const { seen, planHash, approval } = await lookAt(event, addresses);
      return { planHash, count: addresses.length, ...(await foresee.tell(event, seen)), approval };
    },

    async run(command) {
      const { member, reason, idempotencyKey } = command;
      const id = hashOf([member.name, idempotencyKey]);
      const order: Order = { id, by: member.name, reason };
      const kept = await store.read(id);
      if (kept) {
        if (meaningOf(kept.event) !== meaningOf(command.event) || !isSameScope(kept, command)) throw keyReused();
        const approval = await approvals.askedBefore(member, idempotencyKey);
        return approval ? { kind: "held", approval } : { kind: "done", done: await carry(kept, order) };
      }
      const addresses = await meant(command.scope);
      const event = signed(command, addresses);
      const count = addresses.length;
      const { planHash, approval } = await lookAt(event, addresses);
      if (planHash !== command.planHash) throw new AppError("bulk.changed");
      if (count !== command.count)
        throw new AppError("command.numberDiffers", { details: { fields: [`count: ${count} are meant`] } });
      if (approval) {
        const title = `${event.type} × ${count}`;
        const deed = { kind: "bulk", bulkId: id, event, count } as const;
        // The actors first: what may be approved must be there to be carried out.
        await store.put(id, { event, addresses });
        return { kind: "held", approval: await approvals.ask({ member, deed, title, reason, idempotencyKey }) };
      }
      return { kind: "done", done: await carry(await store.put(id, { event, addresses }), order) };
    },

    async carryOut({ bulkId }, order) {
      const kept = await store.read(bulkId);
      if (!kept) throw new AppError("approval.expired");
      return carry(kept, order);
    },
  };
}

const COUNTED = {
  applied: "applied",
  ignored: "ignored",
  duplicate: "duplicate",
  noActor: "ignored",
} as const satisfies Record<Outcome, keyof BulkDone>;

/** A state has other actors by now; how many were meant was typed. */
const isSameScope = ({ addresses }: KeptBulk, { scope, count }: ConfirmedBulk): boolean =>
  "addresses" in scope ? [...new Set(scope.addresses)].sort().join() === addresses.join() : addresses.length === count;

const hashOf = (parts: unknown): string =>
  createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
