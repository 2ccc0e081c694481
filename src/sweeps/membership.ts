// Looks whether our record of who is in a chat is still true. A lost update would otherwise leave somebody inside without a right, or
// somebody who paid outside. Telegram cannot list members, so people are looked at one by one, as fast as the pace leaves room.
import { type ActorAddress, parseAddress, parsePairId } from "../../machines/address.ts";
import type { Membership } from "../../machines/invite/types.ts";
import { RetryLater } from "../effects/executor.ts";
import { isAppError } from "../errors.ts";
import type { Actors, Clock } from "../runtime/ports.ts";

/** Where one round of a sweep is. */
export interface SweepPosition {
  /** Beginning of the page that is being worked on; null: the first one, or none. */
  readonly cursor: string | null;
  /** Epoch ms. */
  readonly roundStartedAt: number;
  /** Who were looked at last, on that page, in order; absent at its beginning. */
  readonly after?: readonly string[] | undefined;
  /** How many there were so far; absent between two rounds. */
  readonly counted?: number | undefined;
  /** How many there were in the round before. */
  readonly size?: number | undefined;
  /** When the last round came to its end, epoch ms; absent: none has. */
  readonly endedAt?: number | undefined;
}

export interface SweepProgress {
  read(sweep: string): Promise<SweepPosition | null>;
  write(sweep: string, position: SweepPosition): Promise<void>;
  /** All rounds begin anew: what the record says may be older than what it was compared with. */
  restart(): Promise<void>;
}

export interface MembershipSweepDeps {
  readonly actors: Pick<Actors, "pageInState" | "send">;
  /** Asks Telegram. @throws RetryLater when it is somebody else's turn, AppError when Telegram cannot be asked now. */
  readonly look: (chatId: string, userId: number) => Promise<Membership>;
  /** Subscriptions that an invite has not heard of as they are now. */
  readonly unheard: (userId: number, chatId: string) => Promise<readonly ActorAddress[]>;
  readonly progress: Pick<SweepProgress, "read" | "write">;
  readonly clock: Clock;
  /** A round begins at most this often. Unit: milliseconds. */
  readonly everyMs: () => number;
  /** How often the sweep is called. Unit: milliseconds. */
  readonly calledEveryMs: number;
  readonly onLooked: (result: "asExpected" | "differs" | "failed") => void;
  /** Somebody is not where our record has them: told before the event that puts it right. */
  readonly onDifference: (userId: number, chatId: string, membership: Membership) => Promise<void>;
  /** Everybody on record as inside a chat was looked at. */
  readonly onMembersCounted: (chatId: string, members: number) => Promise<void>;
}

/** Looks at the people inside one chat per call, however many they are: customers go first. */
const MAX_LOOKS = 20;
/** People outside are looked at one per call and chat, for those who found another way in. */
const OUTSIDE = ["linkIssued", "none", "removed"] as const;
/** After so many failures a chat is left for this call: Telegram is asked for nothing by somebody who is in trouble. */
const MAX_FAILURES = 3;
/** Index entries per page, and pages per call and chat: most of them may be of other chats. */
const PAGE = 200;
const MAX_PAGES = 20;
/** Channels are few. */
const MAX_CHATS = 1_000;

const INSIDE: ReadonlySet<Membership> = new Set<Membership>(["owner", "administrator", "member"]);

/** Told once more how access stands; harmless where the announcement was only on its way. */
const HEAR = { type: "access.announced", by: "membership sweep", reason: "the invite believes otherwise" } as const;

type State = "member" | (typeof OUTSIDE)[number];

/**
 * One call of the sweep: a few looks in every chat, the rest next time. Each chat has its own place, so that one which cannot be looked
 * into holds up no other; chats that cannot be managed are left out until they can.
 * @throws AppError redis.unreachable
 */
export function makeMembershipSweep(deps: MembershipSweepDeps): () => Promise<void> {
  let turn = 0;
  let isRunning = false;

  const call = async (): Promise<void> => {
    const { addresses } = await deps.actors.pageInState("channel", "health.healthy", null, MAX_CHATS);
    turn += 1;
    const outside = OUTSIDE.map((_, index) => OUTSIDE[(turn + index) % OUTSIDE.length] ?? "none");
    const chats = addresses.map((address) => new ChatSweep(deps, parseAddress(address).id));
    const ended = await Promise.allSettled(chats.map((chat) => chat.call(outside)));
    for (const outcome of ended) if (outcome.status === "rejected") throw outcome.reason;
  };

  return async () => {
    // A call that waits for a slow Telegram may outlast the time between two calls.
    if (isRunning) return;
    isRunning = true;
    try {
      await call();
    } finally {
      isRunning = false;
    }
  };
}

/** One chat during one call. */
class ChatSweep {
  readonly #deps: MembershipSweepDeps;
  readonly #chatId: string;
  #failures = 0;
  #isBusy = false;

  constructor(deps: MembershipSweepDeps, chatId: string) {
    this.#deps = deps;
    this.#chatId = chatId;
  }

  async call(outside: readonly State[]): Promise<void> {
    // Those outside first, or a chat with more people inside than a round can hold would never come to them.
    for (const state of outside) if ((await this.#walk(state, 1)) > 0) break;
    await this.#walk("member", MAX_LOOKS);
  }

  /** @returns how many were looked at. */
  async #walk(state: State, atMost: number): Promise<number> {
    const { actors, progress, clock, everyMs } = this.#deps;
    if (this.#isOver) return 0;
    const name = `${state}:${this.#chatId}`;
    const before = await progress.read(name);
    const isUnderWay = before?.counted !== undefined;
    if (before !== null && !isUnderWay && clock.now() - before.roundStartedAt < everyMs()) return 0;
    const roundStartedAt = isUnderWay ? before.roundStartedAt : clock.now();
    const round = { roundStartedAt, size: before?.size, endedAt: before?.endedAt };
    const looks = Math.min(atMost, this.#looksFor(before?.size));
    let { cursor, after = [], counted = 0 }: Partial<SweepPosition> = isUnderWay ? before : { cursor: null };
    let looked = 0;

    for (let pages = 0; pages < MAX_PAGES; pages += 1) {
      const page = await actors.pageInState("invite", state, cursor, PAGE);
      for (const address of restOf(page.addresses, after)) {
        if (parsePairId(parseAddress(address).id).rest !== this.#chatId) continue;
        if (looked === looks || this.#isOver) {
          await progress.write(name, { cursor, ...round, after, counted });
          return looked;
        }
        if (!(await this.#look(address, state === "member", roundStartedAt))) {
          await progress.write(name, { cursor, ...round, after, counted });
          return looked;
        }
        after = [...after, address].slice(-MAX_LOOKS);
        looked += 1;
        counted += 1;
      }
      if (page.cursor === null) {
        await progress.write(name, { cursor: null, roundStartedAt, size: counted, endedAt: clock.now() });
        if (state === "member") await this.#deps.onMembersCounted(this.#chatId, counted);
        return looked;
      }
      cursor = page.cursor;
      after = [];
    }
    await progress.write(name, { cursor, ...round, after, counted });
    return looked;
  }

  /** So many that a round takes as long as it may; as many as possible while the size of a round is not known. */
  #looksFor(size: number | undefined): number {
    const calls = Math.max(1, Math.floor(this.#deps.everyMs() / this.#deps.calledEveryMs));
    return size === undefined ? MAX_LOOKS : Math.max(1, Math.ceil(size / calls));
  }

  get #isOver(): boolean {
    return this.#isBusy || this.#failures >= MAX_FAILURES;
  }

  /** @returns false when it is not this chat's turn: the same person next time. One that fails is left for the next round. */
  async #look(address: ActorAddress, expectedInside: boolean, roundStartedAt: number): Promise<boolean> {
    const { actors, look, onLooked } = this.#deps;
    try {
      const { userId } = parsePairId(parseAddress(address).id);
      const membership = await look(this.#chatId, userId);
      const cause = { kind: "system", id: `membership sweep ${roundStartedAt}` } as const;
      const key = `sweep ${roundStartedAt}`;
      // An invite that believes in a right that is over would take whoever came in for a member: it hears how access stands first.
      const unheard = await this.#deps.unheard(userId, this.#chatId);
      if (unheard.length > 0 || INSIDE.has(membership) !== expectedInside)
        await this.#deps.onDifference(userId, this.#chatId, membership);
      for (const subscription of unheard) await actors.send(subscription, HEAR, { cause, key });
      const isAsExpected = INSIDE.has(membership) === expectedInside;
      if (!isAsExpected && unheard.length === 0)
        await actors.send(address, { type: "membership.seen", membership }, { cause, key });
      onLooked(isAsExpected && unheard.length === 0 ? "asExpected" : "differs");
    } catch (error) {
      if (error instanceof RetryLater) {
        this.#isBusy = true;
        return false;
      }
      if (!isAppError(error) || isAppError(error, "redis.unreachable")) throw error;
      this.#failures += 1;
      onLooked("failed");
    }
    return true;
  }
}

/**
 * What of a page comes after those who were looked at last: several, for whoever was looked at may have left the state by that. If all of
 * them have, the page begins anew, which costs a few looks that are not needed.
 */
function restOf(addresses: readonly ActorAddress[], after: readonly string[]): readonly ActorAddress[] {
  return addresses.slice(addresses.findLastIndex((address) => after.includes(address)) + 1);
}
