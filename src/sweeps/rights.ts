// Rights and ways in, compared without asking Telegram: who has paid and was never let in, who is put out and is not out yet. What an
// announcement that was lost left behind shows here within a round.
import { type ActorAddress, parseAddress, parsePairId } from "../../machines/address.ts";
import type { SubscriptionContext } from "../../machines/subscription/types.ts";
import { isAppError } from "../errors.ts";
import type { Actors, Clock } from "../runtime/ports.ts";
import type { Finding } from "../support/answers/drift.ts";
import type { SweepProgress } from "./membership.ts";
import type { makePlaceJudge } from "./read-place.ts";

export interface RightsSweepDeps {
  readonly actors: Pick<Actors, "read" | "pageInState">;
  readonly judge: ReturnType<typeof makePlaceJudge>;
  readonly progress: Pick<SweepProgress, "read" | "write">;
  readonly clock: Clock;
  /** A round begins at most this often. Unit: milliseconds. */
  readonly everyMs: () => number;
  readonly onDifference: (finding: Finding) => Promise<void>;
  /** An actor was compared. */
  readonly onCompared?: () => void;
}

/** Actors read per call and state: thousands of subscriptions take minutes, which is soon enough. */
const PAGE = 50;

/** Where access is open, and where somebody is on the way in or out. */
const WALKS = [
  ["subscription", "billing.trialing"],
  ["subscription", "billing.active"],
  ["subscription", "billing.renewalSlack"],
  ["subscription", "billing.pastDue.grace"],
  ["invite", "granting"],
  ["invite", "joinRequested"],
  ["invite", "unknown"],
  ["invite", "removing"],
  ["invite", "removed"],
] as const;

/** One call of the sweep: a page of each. @throws AppError redis.unreachable */
export function makeRightsSweep(deps: RightsSweepDeps): () => Promise<void> {
  return async () => {
    for (const [machine, state] of WALKS) await walk(deps, machine, state);
  };
}

async function walk(deps: RightsSweepDeps, machine: (typeof WALKS)[number][0], state: string): Promise<void> {
  const { actors, progress, clock, everyMs } = deps;
  const name = `rights:${machine}:${state}`;
  const before = await progress.read(name);
  const isUnderWay = before !== null && before.cursor !== null;
  if (before !== null && !isUnderWay && clock.now() - before.roundStartedAt < everyMs()) return;
  const page = await actors.pageInState(machine, state, isUnderWay ? before.cursor : null, PAGE);
  for (const address of new Set(page.addresses)) await compare(deps, machine, address);
  const roundStartedAt = isUnderWay ? before.roundStartedAt : clock.now();
  await progress.write(name, { cursor: page.cursor, roundStartedAt });
}

/** One that cannot be read is in the quarantine, and hides none of the others. */
async function compare(deps: RightsSweepDeps, machine: "subscription" | "invite", address: ActorAddress) {
  const { userId, rest } = parsePairId(parseAddress(address).id);
  try {
    const chats = machine === "invite" ? [rest] : await chatsOf(deps, address);
    for (const chatId of chats) {
      const finding = await deps.judge(userId, chatId, null);
      if (finding !== null) await deps.onDifference(finding);
    }
    deps.onCompared?.();
  } catch (error) {
    if (!isAppError(error) || error.retry) throw error;
  }
}

async function chatsOf({ actors }: RightsSweepDeps, address: ActorAddress): Promise<readonly string[]> {
  const view = await actors.read(address);
  return (view?.context as unknown as SubscriptionContext | undefined)?.terms?.chats ?? [];
}
