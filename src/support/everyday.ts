// What staff ask for every day, in their own words, each as the one event that it is. A table: HTTP and the staff chat read it.
import { z } from "zod";
import { type ActorAddress, addressOf, ChatId, OpaqueId, ProductCode, UserId } from "../../machines/address.ts";
import type { ChannelContext } from "../../machines/channel/types.ts";
import type { StaffRole } from "../../machines/definition.ts";
import { type PaymentContext, RefundAccess } from "../../machines/payment/types.ts";
import { definitions } from "../../machines/registry.ts";
import { AppError } from "../errors.ts";
import { type Catalog, termsOf } from "../plans.ts";
import type { ActorEvent, Actors } from "../runtime/ports.ts";
import { utcOffsetMinutes } from "../time-zone.ts";
import { fittingTerms } from "./fitting-plans.ts";
import { noActor } from "./no-actor.ts";

const DAY_MS = 86_400_000;
/** Ten years: more than that is for life. */
const MOST_DAYS = 3_650;

/** What a command needs to know of the service. */
export interface EverydayWorld {
  readonly actors: Pick<Actors, "read">;
  readonly catalog: () => Catalog;
  readonly timeZone: string;
  /** Epoch ms. */
  readonly now: () => number;
}

export interface Translated {
  readonly address: ActorAddress;
  readonly event: ActorEvent;
  /** Where the command is about what was seen: it holds for this revision of the actor only. */
  readonly expectedRev?: number;
}

export interface EverydayCommand {
  readonly machine: "subscription" | "customer" | "payment" | "channel";
  readonly event: string;
  /** Whom or what it is done to, as a path of the admin API names it. */
  readonly target: "telegramId" | "chargeId" | "chatId";
  /** The least one. */
  readonly role: StaffRole;
  readonly does: string;
  readonly fields: Readonly<Record<string, z.ZodType>>;
  /** @param fields of the form above. @throws AppError http.badRequest, actor.noActor, command.numberDiffers */
  translate(target: string, fields: unknown, world: EverydayWorld): Promise<Translated>;
}

const Days = z.int().min(1).max(MOST_DAYS);
const product = { product: ProductCode.meta({ description: "code of the product" }) };
const TARGETS = {
  telegramId: z
    .string()
    .regex(/^[1-9]\d{0,15}$/, "expected a Telegram user id")
    .transform(Number)
    .pipe(UserId),
  chargeId: OpaqueId,
  chatId: ChatId,
} as const;

export const EVERYDAY = {
  grant: command("telegramId", "subscription", "term.granted", {
    does: "Gives somebody time of a plan without a payment, on the plan's terms as they are now: a gift, a compensation. Also to somebody who has never come: it waits for them.",
    fields: {
      plan: z
        .string()
        .regex(/^[a-z0-9-]{1,32}$/)
        .meta({ description: "code of a plan that is on sale" }),
      days: Days.nullable().meta({ description: "`null`: for life" }),
    },
    act: (userId, { plan: code, days }, { catalog, timeZone, now }) => {
      const plan = catalog().plans.get(code);
      if (!plan) throw wrong("plan: no plan of this code is on sale");
      const terms = termsOf(plan, utcOffsetMinutes(timeZone, now()));
      return {
        address: addressOf.subscription(userId, plan.product.code),
        fields: { terms, ms: days === null ? null : days * DAY_MS },
      };
    },
  }),
  extend: command("telegramId", "subscription", "term.extended", {
    does: "Adds days to the time that runs.",
    fields: { ...product, days: Days.meta({ description: "how many" }) },
    act: async (userId, { product: code, days }, world) => ({
      address: await subscriptionOf(userId, code, world),
      fields: { ms: days * DAY_MS },
    }),
  }),
  revoke: command("telegramId", "subscription", "access.revoked", {
    does: "Ends a subscription at once, whatever was paid; refunds nothing. The customer reads the reason.",
    fields: product,
    act: async (userId, { product: code }, world) => ({ address: await subscriptionOf(userId, code, world) }),
  }),
  reinstate: command("telegramId", "subscription", "access.reinstated", {
    does: "Takes a revocation back.",
    fields: product,
    act: async (userId, { product: code }, world) => ({ address: await subscriptionOf(userId, code, world) }),
  }),
  block: command("telegramId", "customer", "risk.blocked", {
    does: "Sells nothing to this person any more, and closes access while it lasts. Also somebody who has never come.",
    fields: {},
    act: (userId) => ({ address: addressOf.customer(userId) }),
  }),
  "clear-risk": command("telegramId", "customer", "risk.cleared", {
    does: "Takes a block back, and ends watching.",
    fields: {},
    act: (userId) => ({ address: addressOf.customer(userId) }),
  }),
  erase: command("telegramId", "customer", "erasure.requested", {
    does: "Forgets a person who asked for it, for good: name, texts, set-ups with e-mail, spreadsheets and sealed secrets; switches renewals off, tells them. Payments stay, under a pseudonym in the exported books. Export first what they want to have.",
    fields: {},
    act: (userId) => ({ address: addressOf.customer(userId) }),
  }),
  refund: command("chargeId", "payment", "refund.requested", {
    does: "Gives the money of one charge back. Above `policies.approval.refundAbove` a second person has to approve it.",
    fields: {
      access: RefundAccess.meta({
        description:
          "`revoke` ends access, `keep` leaves it, `policy` revokes for the current period and keeps for older ones",
      }),
    },
    act: (chargeId, { access }) => ({ address: addressOf.payment(chargeId), fields: { access } }),
  }),
  accept: command("chargeId", "payment", "payment.released", {
    does: "Accepts a quarantined charge after all, for its payer: an order that a restore lost, a sum that was too small.",
    fields: {
      plan: z
        .string()
        .regex(/^[a-z0-9-]{1,32}$/)
        .optional()
        .meta({
          description:
            "code of a plan that is on sale; without it, the one plan that costs exactly what was paid and renews as the charge does, refused when there is none or more than one",
        }),
    },
    act: async (chargeId, { plan: code }, { actors, catalog, timeZone, now }) => {
      const address = addressOf.payment(chargeId);
      const view = await actors.read(address);
      if (!view) throw noActor(address);
      const payment = view.context as unknown as PaymentContext;
      const offset = utcOffsetMinutes(timeZone, now());
      const onSale = [...catalog().plans.values()].map((plan) => termsOf(plan, offset));
      const fitting =
        code === undefined ? fittingTerms(payment, onSale) : onSale.filter(({ planCode }) => planCode === code);
      const [terms, ...others] = fitting;
      if (code !== undefined && !terms) throw wrong("plan: no plan of this code is on sale");
      if (!terms) throw wrong("plan: no plan on sale costs exactly that; say which one it is for");
      if (others.length > 0)
        throw wrong(`plan: say which one it is for: ${fitting.map(({ planCode }) => planCode).join(", ")}`);
      return { address, expectedRev: view.rev, fields: { userId: payment.userId, terms } };
    },
  }),
  "release-removals": command("chatId", "channel", "removals.released", {
    does: "Lets the removals go on that the breaker of a channel holds.",
    fields: {
      held: z
        .int()
        .min(1)
        .meta({ description: "how many are held, typed: refused when there are more or fewer by now" }),
    },
    act: async (chatId, { held }, { actors }) => {
      const address = addressOf.channel(chatId);
      const view = await actors.read(address);
      if (!view) throw noActor(address);
      const { heldCount } = view.context as unknown as ChannelContext;
      if (heldCount !== held)
        throw new AppError("command.numberDiffers", { details: { fields: ["held: look again"] } });
      return { address, expectedRev: view.rev };
    },
  }),
} as const satisfies Readonly<Record<string, EverydayCommand>>;
export type EverydayName = keyof typeof EVERYDAY;

const wrong = (field: string): AppError => new AppError("http.badRequest", { details: { fields: [field] } });

/** Of a product that is sold no more subscriptions go on. @throws AppError http.badRequest for a code that nobody knows */
async function subscriptionOf(userId: number, code: string, { actors, catalog }: EverydayWorld): Promise<ActorAddress> {
  const address = addressOf.subscription(userId, code);
  if (!catalog().products.has(code) && (await actors.read(address)) === null)
    throw wrong("product: no product of this code is in the catalog");
  return address;
}

interface Acted {
  readonly address: ActorAddress;
  /** Of the event, besides its type and whose it is. */
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly expectedRev?: number;
}

function command<T extends keyof typeof TARGETS, F extends Readonly<Record<string, z.ZodType>>>(
  target: T,
  machine: EverydayCommand["machine"],
  event: string,
  {
    does,
    fields,
    act,
  }: {
    readonly does: string;
    readonly fields: F;
    readonly act: (
      target: z.output<(typeof TARGETS)[T]>,
      fields: z.output<z.ZodObject<F>>,
      world: EverydayWorld,
    ) => Acted | Promise<Acted>;
  },
): EverydayCommand {
  const role = definitions.find(({ name }) => name === machine)?.staffEvents[event];
  if (role === undefined) throw new Error(`${event} is no event of the staff's to a ${machine}`);
  const schema = z.object(fields);
  return {
    ...{ machine, event, target, role, does, fields },
    async translate(id, given, world) {
      const whom = TARGETS[target].safeParse(id);
      if (!whom.success) throw wrong(`${target}: ${whom.error.issues[0]?.message ?? "not valid"}`);
      const checked = schema.safeParse(given);
      if (!checked.success) {
        const problems = checked.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
        throw new AppError("http.badRequest", { details: { fields: problems } });
      }
      const done = await act(whom.data as z.output<(typeof TARGETS)[T]>, checked.data, world);
      const { address, fields: more = {}, expectedRev } = done;
      return { address, event: { type: event, ...more }, ...(expectedRev === undefined ? {} : { expectedRev }) };
    },
  };
}
