// One customer on one page: who they are, everything that is theirs, and what they see in the bot.
import { type ActorAddress, addressOf } from "../../machines/address.ts";
import type { CustomerContext } from "../../machines/customer/types.ts";
import type { OnboardingContext } from "../../machines/onboarding/types.ts";
import type { PaymentContext } from "../../machines/payment/types.ts";
import type { SubscriptionContext } from "../../machines/subscription/types.ts";
import { AppError, isAppError } from "../errors.ts";
import type { Actors, ActorView } from "../runtime/ports.ts";
import { linesOf } from "./actor-lines.ts";
import type { CustomerPage, PaymentLine, ScreenNow } from "./answers/people.ts";
import { lookAt, personOf, regionOf, stateOf } from "./look.ts";
import { type Freshness, slaOf } from "./sla.ts";
import { ticketLine } from "./tickets.ts";

export interface CustomerPageDeps {
  readonly actors: Pick<Actors, "find" | "read" | "history">;
  /** The bot's own drawing; it sends nothing. */
  readonly screenNow: (userId: number) => Promise<ScreenNow>;
  /** null: nothing is collected of this spreadsheet. */
  readonly freshness: (spreadsheetId: string) => Promise<Freshness | null>;
  readonly now: () => number;
}

/** A customer of many years has hundreds of orders and payments; the table of actors has them all. */
const MOST_ACTORS = 100;
/** In which the giving of a secret is looked for. */
const LOOK_BACK = 100;

/** @throws AppError actor.noActor where nothing at all is known of the person; redis.unreachable */
export const makeCustomerPage =
  ({ actors, screenNow, freshness, now }: CustomerPageDeps) =>
  async (userId: number): Promise<CustomerPage> => {
    const own = addressOf.customer(userId);
    const found = [...(await actors.find(`telegramId=${userId}`))].sort();
    const customer = await lookAt(actors, own);
    if (customer === null && found.length === 0) throw new AppError("actor.noActor");
    const of = (machine: string) => found.filter((address) => address.startsWith(`${machine}/`));
    const others = found.filter((address) => address !== own);
    const [lines, payments, tickets, onboardings, screen, sla] = await Promise.all([
      linesOf(actors, [own, ...others].slice(0, MOST_ACTORS)),
      Promise.all(of("payment").map((address) => lookAt(actors, address))),
      Promise.all(of("ticket").map((address) => ticketLine(actors, address))),
      Promise.all(of("onboarding").map((address) => secretOf(actors, address))),
      drawn(() => screenNow(userId)),
      Promise.all(of("subscription").map((address) => promisesOf(actors, address, freshness, now()))),
    ]);
    return {
      ...identityOf(userId, customer),
      actors: [...lines],
      payments: payments
        .filter((view) => view !== null)
        .map(paymentLine)
        .sort((a, b) => b.at - a.at),
      tickets: tickets.flat().sort((a, b) => (b.since ?? 0) - (a.since ?? 0)),
      screen,
      secrets: onboardings.flat(),
      sla: sla.flat(),
      now: now(),
    };
  };

function identityOf(userId: number, customer: ActorView | null) {
  const context = (customer?.context ?? null) as unknown as CustomerContext | null;
  const { termsAccepted = null } = context ?? {};
  return {
    customer: personOf(userId, customer),
    formerUsernames: [...(context?.formerUsernames ?? [])],
    language: context?.language ?? ("ru" as const),
    reachable: regionOf(customer, "contact") === "reachable",
    consent:
      termsAccepted === null
        ? null
        : { version: termsAccepted.version, at: termsAccepted.at, language: termsAccepted.language ?? null },
    risk: {
      blocked: regionOf(customer, "risk") === "blocked",
      reason: context?.riskReason ?? null,
      chargebacks: context?.chargebacks ?? 0,
    },
    firstSeenAt: context?.firstSeenAt ?? null,
  };
}

function paymentLine(view: ActorView): PaymentLine {
  const { chargeId, receivedAt, amountMinor, currency, orderId, terms } = view.context as unknown as PaymentContext;
  return {
    address: view.address,
    chargeId,
    state: stateOf(view),
    at: receivedAt,
    amountMinor,
    currency,
    orderId,
    plan: terms?.planCode ?? null,
  };
}

async function promisesOf(
  actors: Pick<Actors, "read">,
  address: ActorAddress,
  freshness: CustomerPageDeps["freshness"],
  now: number,
): Promise<CustomerPage["sla"]> {
  const subscription = await lookAt(actors, address);
  if (subscription === null) return [];
  const { userId, product, terms } = subscription.context as unknown as SubscriptionContext;
  const view = terms?.connect ? await lookAt(actors, addressOf.onboarding(userId, product)) : null;
  const onboarding = (view?.context ?? null) as unknown as OnboardingContext | null;
  const sheets = (onboarding?.connections ?? []).map(({ spreadsheetId }) => spreadsheetId);
  const known = await Promise.all(sheets.map(freshness));
  const fresh = sheets.flatMap((sheet, index) => {
    const found = known[index] ?? null;
    return found === null ? [] : [[sheet, found] as const];
  });
  return slaOf({ product, terms, onboarding, freshness: new Map(fresh), now });
}

/** That a token lies sealed, and since when: the reference says no more, and nobody here opens it. */
async function secretOf(
  actors: Pick<Actors, "read" | "history">,
  address: ActorAddress,
): Promise<CustomerPage["secrets"]> {
  const view = await lookAt(actors, address);
  if (view === null) return [];
  const { product, token } = view.context as unknown as OnboardingContext;
  if (token === null) return [];
  const entries = await actors.history(address, { limit: LOOK_BACK });
  const given = entries.find(({ event }) => event.type === "token.given" && event.ref === token.ref);
  return [{ what: `${product}: token`, setAt: given?.at ?? null }];
}

/** Without one of its actors a screen cannot be drawn; the rest of the page is needed then all the more. */
async function drawn(draw: () => Promise<ScreenNow>): Promise<ScreenNow | null> {
  try {
    return await draw();
  } catch (error) {
    if (isAppError(error, "actor.quarantined") || isAppError(error, "actor.unknownVersion")) return null;
    throw error;
  }
}
