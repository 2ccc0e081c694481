// The comparisons as they would be made now, with nothing sent and nothing written: what a round would find, and what it would send.
import { RetryLater } from "../effects/executor.ts";
import type { Actors, Clock } from "../runtime/ports.ts";
import type { Drift, DriftCheck, Finding } from "../support/answers/drift.ts";
import type { DriftExtent } from "../support/drift/ports.ts";
import { driftOf } from "./drifts.ts";
import { type MembershipSweepDeps, makeMembershipSweep, type SweepPosition } from "./membership.ts";
import {
  type LookedAt,
  makePaymentsSweep,
  type PaymentsProgress,
  type PaymentsSweepDeps,
  type RowResult,
} from "./payments.ts";
import type { makePlaceJudge } from "./read-place.ts";
import { makeRightsSweep } from "./rights.ts";

export interface RehearsalDeps {
  readonly actors: Actors;
  readonly payments: Pick<PaymentsSweepDeps, "readRows" | "hasUpdatesWaiting" | "clock" | "everyMs">;
  readonly membership: Pick<MembershipSweepDeps, "look" | "unheard" | "clock" | "everyMs" | "calledEveryMs">;
  readonly judgePlace: ReturnType<typeof makePlaceJudge>;
  readonly doublesAmong: (rows: Parameters<PaymentsSweepDeps["tick"]>[0]) => Promise<readonly Finding[]>;
  readonly rowFinding: (result: RowResult, row: LookedAt) => Finding | null;
  readonly paymentsProgress: Pick<PaymentsSweepDeps["progress"], "read">;
  readonly clock: Clock;
}

/** Turns of a sweep within one answer; somebody waits for it. */
const TURNS = 20;
/** Looks at Telegram are as slow as its pace. */
const MEMBERSHIP_TURNS = 2;
const MOST_DRIFTS = 500;

/** @throws AppError redis.unreachable, effect.unavailable */
export const makeRehearsal =
  (deps: RehearsalDeps) =>
  async ({ whole }: DriftExtent): Promise<DriftCheck> => {
    const found = new Map<string, Drift>();
    const compared = { rows: 0, actors: 0, looks: 0 };
    const take = (finding: Finding | null): void => {
      if (finding !== null) found.set(finding.id, driftOf(finding, deps.clock.now()));
    };
    const actors = withoutSending(deps.actors);
    let isWhole = true;

    const stored = await deps.paymentsProgress.read();
    const place = memory<PaymentsProgress>(whole && stored !== null ? { ...stored, settled: 0, store: null } : stored);
    let isRead = false;
    const payments = makePaymentsSweep({
      ...deps.payments,
      async readRows(offset, limit) {
        const rows = await deps.payments.readRows(offset, limit);
        isRead = true;
        return rows;
      },
      actors,
      progress: place,
      onRow(result, row) {
        compared.rows += 1;
        take(deps.rowFinding(result, row));
      },
      tick: async (rows) => {
        for (const finding of await deps.doublesAmong(rows)) take(finding);
      },
      watchStore: async () => ({ id: place.value?.store ?? "rehearsal", hasChanged: false }),
      onStoreChanged: async () => {},
    });
    await payments();
    for (let turn = 1; turn < TURNS && place.value?.round; turn += 1) await payments();
    if (!isRead || place.value?.round) isWhole = false;

    const walks = positions();
    const rights = makeRightsSweep({
      ...{
        actors,
        judge: deps.judgePlace,
        progress: walks,
        clock: deps.clock,
        everyMs: () => Number.POSITIVE_INFINITY,
      },
      onDifference: async (finding) => take(finding),
      onCompared() {
        compared.actors += 1;
      },
    });
    for (let turn = 0; turn < TURNS; turn += 1) await rights();
    if (walks.all().some(({ cursor }) => cursor !== null)) isWhole = false;

    const looks = positions();
    const membership = makeMembershipSweep({
      ...deps.membership,
      look: async (chatId, userId) => {
        try {
          return await deps.membership.look(chatId, userId);
        } catch (error) {
          if (error instanceof RetryLater) isWhole = false;
          throw error;
        }
      },
      ...{ actors, progress: looks, everyMs: () => Number.MAX_SAFE_INTEGER },
      onLooked() {
        compared.looks += 1;
      },
      onDifference: async (userId, chatId, seen) => take(await deps.judgePlace(userId, chatId, seen)),
      onMembersCounted: async () => {},
    });
    for (let turn = 0; turn < MEMBERSHIP_TURNS; turn += 1) await membership();
    if (looks.all().some(({ counted }) => counted !== undefined)) isWhole = false;

    const drifts = [...found.values()].sort((a, b) => a.since - b.since || (a.id < b.id ? -1 : 1));
    if (drifts.length > MOST_DRIFTS) isWhole = false;
    return { dryRun: true, drifts: drifts.slice(0, MOST_DRIFTS), compared, isWhole };
  };

/** Reads what is, and answers every event as if it had been taken. */
const withoutSending = (actors: Actors): Pick<Actors, "read" | "find" | "pageInState" | "send"> => ({
  read: (address) => actors.read(address),
  find: (lookup) => actors.find(lookup),
  pageInState: (machine, state, cursor, limit) => actors.pageInState(machine, state, cursor, limit),
  send: async () => ({ outcome: "applied", rev: 0, view: null }),
});

function memory<T>(first: T | null) {
  return {
    value: first,
    async read() {
      return this.value;
    },
    async write(next: T) {
      this.value = next;
    },
  };
}

function positions() {
  const known = new Map<string, SweepPosition>();
  return {
    read: async (name: string) => known.get(name) ?? null,
    write: async (name: string, position: SweepPosition) => void known.set(name, position),
    all: () => [...known.values()],
  };
}
