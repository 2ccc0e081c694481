// The paid time of very many ends within a minute: how late that is recorded, what Telegram is asked, how long a checkout waits.
import { setTimeout as sleep } from "node:timers/promises";
import { addressOf } from "../../../machines/address.ts";
import type { ChannelContext } from "../../../machines/channel/types.ts";
import { inParallel } from "../../bench/service.ts";
import { percentile } from "../../bench/stats.ts";
import { until } from "../../faults/support/until.ts";
import { type Crowd, settleCrowd } from "./crowd.ts";
import { startOwnRedis } from "./own-redis.ts";
import { CHANNEL, monthPlans } from "./short-plans.ts";
import { asksForInvoice } from "./subscriber.ts";
import { Town } from "./town.ts";

export interface StormOptions {
  readonly actors: number;
  /** From now until the first time ends: the crowd must be settled and the service started by then. */
  readonly leadMs: number;
  readonly windowMs: number;
  readonly workers: number;
  /** Buyers who pay meanwhile. */
  readonly buyers: number;
  /** Removals that the breaker lets through, before and after staff release it. */
  readonly breaker: number;
  readonly progress: (line: string) => void;
}

export interface StormReport {
  readonly settledInMs: number;
  /** From the end of the first paid time to the last commit of an expiry. */
  readonly expiredInMs: number;
  readonly lateMs: { readonly p50: number; readonly p99: number; readonly longest: number; readonly sample: number };
  readonly checkoutMs: readonly number[];
  readonly removals: {
    /** When the breaker held. */
    readonly beforeRelease: number;
    readonly whileHeld: number;
    readonly afterRelease: number;
    readonly perSecond: number;
  };
  readonly messages: { readonly sent: number; readonly perSecond: number };
  readonly redisBytesPerSubscriber: number;
  readonly wrong: readonly string[];
}

const SAMPLE = 5_000;
/** Nothing may leave while the breaker holds; so long it is watched. Unit: milliseconds. */
const WATCH_HELD_MS = 3_000;
const CHECKOUT_MS = 3_000;
/** Beyond the pace, what may go out in advance and at the border of two seconds. */
const REMOVALS_AHEAD = 6;
/** One a second, and four more in any eight seconds. */
const REMOVALS_A_SECOND = 1.5;
const MESSAGES_A_SECOND = 25;
const MESSAGES_AHEAD = 2 * MESSAGES_A_SECOND;

export async function storm(options: StormOptions): Promise<StormReport> {
  const { actors: count, leadMs, windowMs, workers, buyers, breaker, progress } = options;
  const ends: (() => Promise<void>)[] = [];
  const atEnd = (end: () => Promise<void>) => void ends.unshift(end);
  try {
    const redis = await startOwnRedis(atEnd);
    const town = await Town.open({
      ...{ redisUrl: redis.url, client: redis.client, channelId: CHANNEL, atEnd, journalSize: 200_000 },
      plans: monthPlans(`{ removalBreaker: { perHour: ${breaker}, percent: 100 }, renewalSlackSeconds: 86400 }`),
    });
    const usedBefore = await redis.usedMemory();
    const settling = performance.now();
    const from = Date.now() + leadMs;
    const crowd = await settleCrowd({
      ...{ telegram: town.telegram, client: redis.client, channelId: CHANNEL, count, from, windowMs },
    });
    const settledInMs = performance.now() - settling;
    const redisBytesPerSubscriber = ((await redis.usedMemory()) - usedBefore) / count;
    progress(
      `${count} subscribers settled in ${Math.round(settledInMs)} ms, ${Math.round(redisBytesPerSubscriber)} B each`,
    );
    await Promise.all([town.start("web"), ...Array.from({ length: workers }, () => town.start("worker"))]);
    const people = Array.from({ length: buyers }, () =>
      town.telegram.people.add({ languageCode: "en", stars: 10_000 }),
    );
    const invoices = await Promise.all(people.map(asksForInvoice));
    if (Date.now() > from)
      throw new Error("the first paid time ended before everything stood: give --lead more seconds");
    await sleep(from - Date.now());
    const begin = performance.now();

    const checkouts = inParallel(buyers, buyers, async (index) => {
      await sleep((index * windowMs) / buyers);
      const asked = performance.now();
      const outcome = await (people[index] as (typeof people)[number]).payInvoice(invoices[index] ?? "");
      if (outcome.kind !== "paid") throw new Error(`a checkout was ${outcome.kind}`);
      checkoutMs.push(performance.now() - asked);
    });
    const checkoutMs: number[] = [];
    checkouts.catch(() => {}); // awaited below
    let expired = 0;
    await until(
      "every subscription expired",
      async () => {
        const states = await town.reader.actors.countByState("subscription");
        const now = Object.entries(states).reduce(
          (sum, [name, some]) => sum + (name.startsWith("billing.expired") ? some : 0),
          0,
        );
        if (Math.floor((now * 10) / count) > Math.floor((expired * 10) / count))
          progress(`${now} expired, ${Math.round((performance.now() - begin) / 1_000)} s after the first end`);
        expired = now;
        return now >= count ? true : null;
      },
      windowMs * 4 + 120_000,
    );
    await checkouts;
    const late = await lateness(town, crowd);
    progress(`late: p50 ${percentile(late, 50).toFixed(0)} ms, p99 ${percentile(late, 99).toFixed(0)} ms`);

    const bans = () => town.telegram.calls({ method: "banChatMember" });
    const address = addressOf.channel(String(CHANNEL));
    await until("the breaker holds", async () => {
      const channel = await town.reader.actors.read(address);
      return channel?.states.includes("removals.held") ? true : null;
    });
    const beforeRelease = bans().length;
    await sleep(WATCH_HELD_MS);
    const whileHeld = bans().length - beforeRelease;
    const channel = await town.reader.actors.read(address);
    const heldCount = (channel?.context as ChannelContext | undefined)?.heldCount ?? 0;
    progress(`the breaker held after ${beforeRelease} removals, ${heldCount} asked in vain; released now`);
    await town.command(`/api/v1/actors/channel/${CHANNEL}/events`, { event: { type: "removals.released" } });
    await until("removals flow again", () => (bans().length > beforeRelease + whileHeld + 2 ? true : null));
    const afterRelease = bans().length - beforeRelease - whileHeld;

    const sent = town.telegram.calls({ method: "sendMessage" }).filter(({ at }) => at >= from);
    const removals = { beforeRelease, whileHeld, afterRelease, perSecond: paceOf(bans().map(({ at }) => at)) };
    const messages = { sent: sent.length, perSecond: paceOf(sent.map(({ at }) => at)) };
    return {
      settledInMs,
      expiredInMs: Math.max(...late.map((ms, index) => ms + crowd.endsAt(sampleAt(index, late.length, count)) - from)),
      lateMs: {
        ...{ p50: percentile(late, 50), p99: percentile(late, 99), longest: Math.max(...late), sample: late.length },
      },
      checkoutMs,
      ...{ removals, messages, redisBytesPerSubscriber },
      wrong: [
        ...(whileHeld > 0 ? [`${whileHeld} people were removed while the breaker held`] : []),
        ...(beforeRelease > breaker ? [`${beforeRelease} removals, ${breaker} were allowed`] : []),
        ...overPace(
          "removals",
          bans().map(({ at }) => at),
          REMOVALS_A_SECOND,
          REMOVALS_AHEAD,
        ),
        ...overPace(
          "messages",
          sent.map(({ at }) => at),
          MESSAGES_A_SECOND,
          MESSAGES_AHEAD,
        ),
        ...(Math.max(...checkoutMs) > CHECKOUT_MS ? [`a checkout took ${Math.max(...checkoutMs).toFixed(0)} ms`] : []),
      ],
    };
  } finally {
    for (const end of ends) await end();
  }
}

const sampleAt = (index: number, sample: number, count: number): number =>
  sample === 1 ? count - 1 : Math.floor((index * (count - 1)) / (sample - 1));

/** From the end of somebody's paid time to the moment at which Redis has the expiry, of evenly chosen ones. */
async function lateness({ reader }: Town, { userIds, endsAt }: Crowd): Promise<readonly number[]> {
  const sample = Math.min(SAMPLE, userIds.length);
  const late = new Array<number>(sample).fill(Number.NaN);
  await inParallel(sample, 32, async (index) => {
    const number = sampleAt(index, sample, userIds.length);
    const userId = userIds[number] as number;
    const history = await reader.actors.history(addressOf.subscription(userId, "club"), { limit: 4 });
    const entry = history.find(({ cause, outcome }) => cause.kind === "timer" && outcome === "applied");
    if (!entry) throw new Error(`the expiry of ${userId} is not in its history`);
    late[index] = Number(entry.entryId.split("-")[0]) - endsAt(number);
  });
  return late;
}

/** @param times Epoch ms. @returns per second, on average from the first to the last. */
function paceOf(times: readonly number[]): number {
  const [first, last] = [Math.min(...times), Math.max(...times)];
  return times.length < 2 ? times.length : ((times.length - 1) * 1_000) / Math.max(1, last - first);
}

/** In any stretch of time no more than the pace and what may go out in advance. */
function overPace(what: string, times: readonly number[], perSecond: number, ahead: number): readonly string[] {
  // A leaky bucket that empties at the pace: what is in it must never be more than what may go ahead.
  let [level, at] = [0, 0];
  let highest = 0;
  for (const time of [...times].sort((a, b) => a - b)) {
    level = Math.max(0, level - ((time - at) * perSecond) / 1_000) + 1;
    at = time;
    highest = Math.max(highest, level);
  }
  return highest > ahead ? [`${what}: ${highest.toFixed(1)} ahead of ${perSecond} a second, ${ahead} are allowed`] : [];
}
