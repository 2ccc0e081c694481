// What becomes of a difference: written down, put right by an event through the machine, and taken off the list once it is gone.
import { type ActorAddress, addressOf } from "../../machines/address.ts";
import type { PaymentContext } from "../../machines/payment/types.ts";
import type { SubscriptionContext } from "../../machines/subscription/types.ts";
import { isAppError } from "../errors.ts";
import type { Actors, ActorView, Clock } from "../runtime/ports.ts";
import type { Drift, DriftKind, Finding } from "../support/answers/drift.ts";
import { accepted } from "../support/drift/count.ts";
import { type ChargeFacts, judgeDouble } from "../support/drift/money.ts";
import type { DriftBook } from "../support/drift/ports.ts";
import { ticketOf } from "../support/drift/ticket.ts";
import { isIn, lookAt, stateOf } from "../support/look.ts";
import type { BookTicks } from "./books.ts";
import type { makePlaceJudge } from "./read-place.ts";

export interface DriftsDeps {
  readonly actors: Pick<Actors, "read" | "find" | "send">;
  readonly book: Pick<DriftBook, "has" | "put" | "heal" | "open" | "readCount" | "writeCount">;
  readonly ticks: Pick<BookTicks, "amounts">;
  readonly judgePlace: ReturnType<typeof makePlaceJudge>;
  readonly clock: Clock;
  readonly onFound: (drift: Drift) => void;
  readonly onHealed: (drift: Drift) => void;
}

/** As it goes into the book: what an event of ours or an actor's own work is putting right is healing, the rest waits for people. */
export const driftOf = (finding: Finding, foundAt: number): Drift => ({
  ...finding,
  state: finding.healing !== null && finding.healing.by !== "staff" ? "healing" : "open",
  foundAt,
  healedAt: null,
});

const causeOf = ({ id }: Finding) => ({ kind: "system", id: `drift ${id}` }) as const;

/**
 * Writes a difference down, once, and sends what heals it. Sent first and written then: a process that dies between the two sends the
 * same again, which counts once.
 * @param isSent Whoever found it has sent the event already.
 * @throws AppError redis.unreachable
 */
export const makeReport =
  ({ actors, book, clock, onFound }: DriftsDeps) =>
  async (finding: Finding, { isSent = false }: { readonly isSent?: boolean } = {}): Promise<void> => {
    if (await book.has(finding)) return;
    const options = { cause: causeOf(finding), key: `drift ${finding.id} ${finding.since}` };
    const { healing } = finding;
    if (!isSent && healing?.by === "service")
      await actors.send(`${healing.machine}/${healing.id}`, healing.event, options);
    const ticket = ticketOf(finding);
    if (ticket !== null) await actors.send(ticket.address, ticket.event, options);
    const drift = driftOf(finding, clock.now());
    if (await book.put(drift)) onFound(drift);
  };

/** Drifts looked at again per call. */
const MOST_LOOKS = 200;
/** Once in so much time: what heals takes moments. Unit: milliseconds. */
const SETTLE_EVERY_MS = 10_000;

/** One call of the sweep: which of the differences are gone. @throws AppError redis.unreachable */
export function makeSettleSweep(deps: DriftsDeps): () => Promise<void> {
  let lookedAt = 0;
  let from = 0;
  return async () => {
    const now = deps.clock.now();
    if (now >= lookedAt && now - lookedAt < SETTLE_EVERY_MS) return;
    lookedAt = now;
    const open = await deps.book.open();
    if (from >= open.length) from = 0;
    for (const drift of open.slice(from, from + MOST_LOOKS)) {
      if (!(await isGone(deps, drift))) continue;
      if (await deps.book.heal(drift, now)) deps.onHealed({ ...drift, state: "healed", healedAt: now });
    }
    from += MOST_LOOKS;
  };
}

async function isGone(deps: DriftsDeps, drift: Drift): Promise<boolean> {
  try {
    return await IS_GONE[drift.kind](deps, drift);
  } catch (error) {
    // Its actor cannot be read: people mend that first.
    if (isAppError(error) && !error.retry) return false;
    throw error;
  }
}

type Gone = (deps: DriftsDeps, drift: Drift) => Promise<boolean>;

const GIVEN_BACK = ["refunded", "chargedBack"] as const;

const paymentOf = ({ actors }: DriftsDeps, { about }: Drift): Promise<ActorView | null> =>
  about.chargeId === null ? Promise.resolve(null) : actors.read(addressOf.payment(about.chargeId));

const isGivenBack: Gone = async (deps, drift) => {
  const payment = await paymentOf(deps, drift);
  return payment !== null && GIVEN_BACK.some((state) => isIn(stateOf(payment), state));
};

/** The money was given back, or staff have closed the ticket. */
const isSettledByPeople: Gone = async (deps, drift) => {
  if (await isGivenBack(deps, drift)) return true;
  const ticket = ticketOf(drift);
  const view = ticket === null ? null : await deps.actors.read(ticket.address);
  return view !== null && isIn(stateOf(view), "closed");
};

/** Staff have closed its ticket: they know who it is. Gone by itself is for the next count to tell. */
const isAccepted: Gone = async ({ actors, book }, drift) => {
  const ticket = ticketOf(drift);
  const { chatId } = drift.about;
  if (ticket === null || chatId === null) return false;
  const view = await actors.read(ticket.address);
  // Found by a release that opened none.
  if (view === null)
    await actors.send(ticket.address, ticket.event, { cause: causeOf(drift), key: `drift ${drift.id}` });
  if (view === null || !isIn(stateOf(view), "closed")) return false;
  const memory = accepted(drift, await book.readCount(chatId));
  if (memory !== null) await book.writeCount(chatId, memory);
  return true;
};

const isInPlace: Gone = async (deps, { about }) => {
  const { userId, chatId } = about;
  if (userId === null || chatId === null) return false;
  const channel = await deps.actors.read(addressOf.channel(chatId));
  // Nobody can be let in or put out now: then it is as it was.
  if (channel !== null && !channel.states.some((state) => isIn(state, "health.healthy"))) return false;
  return (await deps.judgePlace(userId, chatId, null, -1)) === null;
};

const IS_GONE: Readonly<Record<DriftKind, Gone>> = {
  paidNoActor: async (deps, drift) => {
    const payment = await paymentOf(deps, drift);
    return payment !== null && !isIn(stateOf(payment), "received");
  },
  paidNoAccess: isInPlace,
  accessNoRight: isInPlace,
  refundedStillIn: (deps, drift) => (drift.about.chargeId === null ? isInPlace(deps, drift) : isGivenBack(deps, drift)),
  chargedBack: isGivenBack,
  doubleCharge: isSettledByPeople,
  unknownMember: (deps, drift) => (drift.evidence.from === "count" ? isAccepted(deps, drift) : isInPlace(deps, drift)),
  notInBooks: async (deps, drift) => {
    const { evidence, about } = drift;
    if (evidence.from !== "ledger" || about.chargeId === null) return false;
    const direction = evidence.amountMinor < 0 ? "out" : "in";
    const [stars = null] = await deps.ticks.amounts([{ direction, chargeId: about.chargeId }]);
    return stars === Math.abs(evidence.amountMinor) || (await isSettledByPeople(deps, drift));
  },
};

/** Whether a charge was taken twice. @throws AppError redis.unreachable */
export async function findDouble(actors: Pick<Actors, "read" | "find">, chargeId: string): Promise<Finding | null> {
  const own = await lookAt(actors, addressOf.payment(chargeId));
  const charge = own === null ? null : chargeOf(own);
  if (own === null || charge === null || charge.orderId === null) return null;
  const { subscription } = own.context as unknown as PaymentContext;
  const siblings = (await actors.find(`orderId=${charge.orderId}`)).filter(
    (address: ActorAddress) => address.startsWith("payment/") && address !== own.address,
  );
  const others = (await Promise.all(siblings.map((address) => lookAt(actors, address))))
    .map((view) => (view === null ? null : chargeOf(view)))
    .filter((other) => other !== null && other.userId === charge.userId);
  const paidFor = subscription === null ? null : await lookAt(actors, subscription);
  const { renewingOrderId = null } = (paidFor?.context ?? {}) as Partial<SubscriptionContext>;
  return judgeDouble(charge, others as readonly ChargeFacts[], renewingOrderId);
}

function chargeOf(view: ActorView): ChargeFacts | null {
  const { chargeId, userId, orderId, receivedAt, recurring, firstRecurring, expiresAt } =
    view.context as unknown as PaymentContext;
  if (userId === null) return null;
  return { ...{ chargeId, userId, orderId, receivedAt, recurring, firstRecurring, expiresAt }, state: stateOf(view) };
}
