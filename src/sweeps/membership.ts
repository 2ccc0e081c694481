// Looks whether our record of who is in a chat is still true. A lost update would otherwise leave somebody inside without a right, or
// somebody who paid outside. Telegram cannot list members, so people are looked at one by one, as fast as the pace leaves room.
import { type ActorAddress, parseAddress, parsePairId } from "../../machines/address.ts";
import type { Membership } from "../../machines/invite/types.ts";
import { isAppError } from "../errors.ts";
import { RetryLater } from "../effects/executor.ts";
import type { Actors, Clock } from "../runtime/ports.ts";

/** Where a sweep is between two of its rounds. */
export interface SweepProgress {
  read(sweep: string): Promise<{ readonly cursor: string | null; readonly roundStartedAt: number } | null>;
  write(sweep: string, progress: { readonly cursor: string | null; readonly roundStartedAt: number }): Promise<void>;
}

export interface MembershipSweepDeps {
  readonly actors: Pick<Actors, "pageInState" | "read" | "send">;
  /** Asks Telegram. @throws RetryLater when it is somebody else's turn, AppError when Telegram cannot be asked now. */
  readonly look: (chatId: string, userId: number) => Promise<Membership>;
  readonly progress: SweepProgress;
  readonly clock: Clock;
  /** A round begins at most this often. Unit: milliseconds. */
  readonly everyMs: () => number;
  readonly onLooked: (result: "asExpected" | "differs") => void;
}

/** Looks per call: the sweep is called every few seconds, and customers go first. */
const LOOKS = { inside: 3, outside: 1 } as const;

const INSIDE: ReadonlySet<Membership> = new Set<Membership>(["owner", "administrator", "member"]);

/** @returns one call of the sweep: a few looks, then the rest next time. */
export function makeMembershipSweep(deps: MembershipSweepDeps): () => Promise<void> {
  return async () => {
    // People inside cost access; people outside are looked at more slowly, for those who found another way in.
    await walk(deps, "inside", "member", LOOKS.inside);
    await walk(deps, "outside", "removed", LOOKS.outside);
  };
}

async function walk(deps: MembershipSweepDeps, name: "inside" | "outside", state: string, looks: number): Promise<void> {
  const { actors, progress, clock } = deps;
  const now = clock.now();
  const before = await progress.read(name);
  const isNewRound = before === null || before.cursor === null;
  if (before !== null && isNewRound && now - before.roundStartedAt < deps.everyMs()) return;
  const roundStartedAt = isNewRound ? now : before.roundStartedAt;
  const page = await actors.pageInState("invite", state, before?.cursor ?? null, looks);
  for (const address of page.addresses) {
    try {
      deps.onLooked(await check(deps, address, name === "inside", roundStartedAt));
    } catch (error) {
      // Not our turn, or Telegram is away: this page again next time. Looking twice does no harm.
      if (error instanceof RetryLater || isAppError(error)) return;
      throw error;
    }
  }
  await progress.write(name, { cursor: page.cursor, roundStartedAt });
}

async function check(
  { actors, look }: MembershipSweepDeps,
  address: ActorAddress,
  expectedInside: boolean,
  roundStartedAt: number,
): Promise<"asExpected" | "differs"> {
  const { userId, rest: chatId } = parsePairId(parseAddress(address).id);
  const membership = await look(chatId, userId);
  if (INSIDE.has(membership) === expectedInside) return "asExpected";
  const cause = { kind: "system", id: `membership sweep ${roundStartedAt}` } as const;
  await actors.send(address, { type: "membership.seen", membership }, { cause, key: `sweep ${roundStartedAt}` });
  return "differs";
}
