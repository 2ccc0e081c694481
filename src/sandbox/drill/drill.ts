// A staging drill: people pay and join, staff grant and revoke, and each step is timed as those who wait for it see it.
import { randomBytes } from "node:crypto";
import type { Found, Times } from "./report.ts";
import { type Bubble, makeOffice, makePeople, type Office, type People, type Staging } from "./staging.ts";

export interface DrillOptions {
  readonly payments: number;
  readonly cycles: number;
  /** Between the arrivals of two people. Unit: milliseconds. */
  readonly paceMs: number;
  /** For one step to take effect: longer counts as never. Unit: milliseconds. */
  readonly patienceMs?: number;
  readonly onProgress?: (line: string) => void;
}

type Collected = { -readonly [K in keyof Times]: number[] };

const LOOK_EVERY_MS = 25;
const INVOICE = /\/\$/;
const INVITE = /\/\+/;

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** @throws Error when it cannot begin: no such service, no such emulator, no plan in Stars. */
export async function runDrill(staging: Staging, options: DrillOptions): Promise<Found> {
  const { payments, cycles, paceMs, patienceMs = 90_000, onProgress = () => {} } = options;
  const people = makePeople(staging);
  const office = makeOffice(staging);
  const plan = (await office.plans()).find(({ price }) => price.currency === "XTR");
  if (!plan) throw new Error("no plan in Stars is on sale: a drill can pay with nothing else");
  const counted = () => Promise.all(COUNTERS.map((name) => office.counter(name)));
  const [timeoutsBefore = 0, doublesBefore = 0] = await counted();

  const times: Collected = { preCheckout: [], paidToLink: [], paidToMember: [], grantToLink: [], revokeToRemoved: [] };
  const troubles: string[] = [];
  const round = { people, office, plan, times, patienceMs, name: randomBytes(4).toString("hex") };
  const inTurn = async (count: number, what: string, play: (index: number) => Promise<void>): Promise<number> => {
    let succeeded = 0;
    const running: Promise<void>[] = [];
    for (let index = 1; index <= count; index += 1) {
      const one = play(index).then(
        () => {
          succeeded += 1;
          onProgress(`${what} ${index} of ${count}`);
        },
        (error: unknown) => {
          const trouble = `${what} ${index}: ${error instanceof Error ? error.message : String(error)}`;
          troubles.push(trouble);
          onProgress(trouble);
        },
      );
      running.push(one);
      if (index < count) await wait(paceMs);
    }
    await Promise.all(running);
    return succeeded;
  };

  const buyers: number[] = [];
  const paid = await inTurn(payments, "payment", async (index) => void buyers.push(await payAndJoin(round, index)));
  const cycled = await inTurn(cycles, "grant and revoke", (index) => grantAndRevoke(round, index));

  const charges = await Promise.all(buyers.map((userId) => office.charges(userId, plan.product)));
  const [timeouts = 0, doubles = 0] = await counted();
  return {
    times,
    payments: { tried: payments, succeeded: paid },
    cycles: { tried: cycles, succeeded: cycled },
    preCheckoutTimeouts: timeouts - timeoutsBefore,
    doubleActivations: Math.max(doubles - doublesBefore, charges.filter((count) => count > 1).length),
    troubles,
  };
}

const COUNTERS = ["tg_pre_checkout_timeouts_total", "tg_double_activation_total"];

interface Round {
  readonly people: People;
  readonly office: Office;
  readonly plan: Awaited<ReturnType<Office["plans"]>>[number];
  readonly times: Collected;
  readonly patienceMs: number;
  /** Tells this drill's commands from those of the one before. */
  readonly name: string;
}

async function payAndJoin(round: Round, index: number): Promise<number> {
  const { people, plan, times } = round;
  const userId = await people.add(`Drill ${index}`, plan.price.amountMinor);
  await people.start(userId, "plans");
  const choice = `v1:plan:${plan.code}`;
  await seen(round, userId, `the plan ${plan.code}`, (bubble) =>
    bubble.buttons.flat().some(({ data }) => data === choice) ? true : null,
  );
  await people.press(userId, choice);
  const invoice = await seen(round, userId, "an invoice", invoiceIn);

  const asked = performance.now();
  const outcome = await people.pay(userId, invoice);
  const paid = performance.now();
  if (outcome.kind !== "paid") throw new Error(`the payment was ${outcome.kind}: ${outcome.errorMessage ?? ""}`);
  times.preCheckout.push(paid - asked);
  const link = await seen(round, userId, "an invitation", inviteIn);
  times.paidToLink.push(performance.now() - paid);
  await join(round, userId, link);
  times.paidToMember.push(performance.now() - paid);
  return userId;
}

async function grantAndRevoke(round: Round, index: number): Promise<void> {
  const { people, office, plan, times, name, patienceMs } = round;
  const userId = await people.add(`Guest ${index}`, 0);
  await people.start(userId);
  await seen(round, userId, "a greeting", ({ from }) => (from === "bot" ? true : null));
  const granted = performance.now();
  await office.grant(userId, plan.code, `drill-${name}-grant-${index}`);
  const link = await seen(round, userId, "an invitation", inviteIn);
  times.grantToLink.push(performance.now() - granted);
  await join(round, userId, link);
  const revoked = performance.now();
  await office.revoke(userId, plan.product, `drill-${name}-revoke-${index}`);
  await until(patienceMs, "the removal from the channel", async () =>
    (await people.calls("banChatMember", userId)).some(isDone) ? true : null,
  );
  times.revokeToRemoved.push(performance.now() - revoked);
}

async function join({ people, patienceMs }: Round, userId: number, link: string): Promise<void> {
  const { kind } = await people.openLink(userId, link);
  if (kind === "joined") return;
  if (kind !== "requested") throw new Error(`the invitation was ${kind}`);
  await until(patienceMs, "the approval of the join request", async () =>
    (await people.calls("approveChatJoinRequest", userId)).some(isDone) ? true : null,
  );
}

const isDone = ({ response }: { readonly response: unknown }): boolean =>
  (response as { ok?: boolean } | null)?.ok === true;

const urlIn = (bubble: Bubble, pattern: RegExp) =>
  bubble.buttons.flat().find(({ url }) => url !== undefined && pattern.test(url))?.url ?? null;
const inviteIn = (bubble: Bubble) => urlIn(bubble, INVITE);

function invoiceIn(bubble: Bubble): { readonly link: string } | { readonly messageId: number } | null {
  if (bubble.kind === "invoice" && !bubble.isDeleted) return { messageId: bubble.messageId };
  const link = urlIn(bubble, INVOICE);
  return link === null ? null : { link };
}

/** Waits until a message of this person's chat, the newest first, holds it. */
const seen = <T>({ people, patienceMs }: Round, userId: number, what: string, find: (bubble: Bubble) => T | null) =>
  until(patienceMs, what, async () => {
    for (const bubble of (await people.messages(userId)).reverse()) {
      const found = find(bubble);
      if (found !== null) return found;
    }
    return null;
  });

async function until<T>(patienceMs: number, what: string, look: () => Promise<T | null>): Promise<T> {
  for (const from = performance.now(); performance.now() - from < patienceMs; await wait(LOOK_EVERY_MS)) {
    const found = await look();
    if (found !== null) return found;
  }
  throw new Error(`${what} did not come within ${patienceMs / 1_000} s`);
}
