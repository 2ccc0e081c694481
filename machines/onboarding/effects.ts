import { addressOf } from "../address.ts";
import type { Effect, EffectsOf } from "../effects.ts";
import type { Stamped } from "../event.ts";
import { daysUntil } from "../reminder-hours.ts";
import { tell, ticketIdOf } from "../tell.ts";
import { failureOf, nextToExpire } from "./policy.ts";
import type { OnboardingContext, OnboardingEvent } from "./types.ts";

type Step = { readonly context: OnboardingContext; readonly event: Stamped<OnboardingEvent> };
type Notice = Extract<Effect, { kind: "notifyCustomer" }>;

const addressOfThis = ({ userId, product }: OnboardingContext) => addressOf.onboarding(userId, product);

function notify({ userId, product }: OnboardingContext, notice: Notice["notice"], params: Notice["params"] = {}) {
  return [{ kind: "notifyCustomer" as const, userId, notice, product, params }];
}

function drop(context: OnboardingContext, ref: string | undefined): Effect[] {
  return ref === undefined ? [] : [{ kind: "dropSecret", owner: addressOfThis(context), ref }];
}

/** A code for people: of a failure; of an answer that leads nowhere; or that there was none. */
function whatFailed(event: { readonly type: string; readonly output?: unknown }): string {
  if (event.type.startsWith("xstate.error.")) return failureOf(event).code;
  const { result, state } = (event.output ?? {}) as { readonly result?: unknown; readonly state?: unknown };
  return event.type.startsWith("xstate.done.") ? String(result ?? state) : "noAnswer";
}

export const onboardingEffects = {
  /** The customer watches the steps go by in one message. */
  tellProgress: ({ context }: Step) => notify(context, "connect.progress"),
  tellProblem: ({ context }: Step) => notify(context, "connect.problem"),
  tellSlowOnce: ({ context }: Step) => (context.problem === null ? notify(context, "connect.delayed") : []),
  /** Once: later rounds have nothing new to say. */
  tellDelayedOnce: ({ context }: Step) => (context.failures === 1 ? notify(context, "connect.delayed") : []),
  tellAttentionOnce: ({ context }: Step) => (context.problem === "refused" ? [] : notify(context, "connect.attention")),
  tellWaitingForData: ({ context }: Step) => notify(context, "connect.waiting"),
  tellReady: ({ context }: Step) => notify(context, "connect.ready"),
  remindUnfinished: ({ context }: Step) => notify(context, "connect.reminder"),
  remindToken: ({ context, event }: Step) => {
    const next = nextToExpire(context);
    if (next === null) return [];
    const { spreadsheetId, tokenExpiresAt: until } = next;
    return notify(context, "token.expiring", { spreadsheetId, until, days: daysUntil(until, event.at) });
  },

  /** People look into what repetition did not mend: one conversation per customer and product. */
  openTicket: ({ context, event }: Step) => {
    const { userId, product } = context;
    return [
      tell.ticket(ticketIdOf("onboarding", `${userId}:${product}`), {
        type: "ticket.opened",
        userId,
        subject: "onboarding",
        about: addressOfThis(context),
        detail: whatFailed(event).slice(0, 120),
        messageRef: null,
      }),
    ];
  },
  /** It works, so there is nothing left to look into. */
  closeTicket: ({ context }: Step) => {
    const { userId, product, hasTicket } = context;
    return hasTicket
      ? [tell.ticket(ticketIdOf("onboarding", `${userId}:${product}`), { type: "ticket.closed", by: "onboarding" })]
      : [];
  },
  tellStaffLate: ({ context }: Step): Effect[] => [
    {
      kind: "notifyStaff",
      notice: "onboarding.late",
      params: {
        userId: context.userId,
        product: context.product,
        since: context.promisedFrom,
        readyBy: context.readyBy,
      },
    },
  ],

  /** The backend has the token, or never will: our copy goes. */
  dropSecret: ({ context }: Step) => drop(context, context.token?.ref),
} satisfies Record<string, EffectsOf<OnboardingContext, Stamped<OnboardingEvent>>>;
