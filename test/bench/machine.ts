// The actor that is measured: a term that can be renewed, one invoked effect, and the context of an average subscription.
import { assign, setup } from "xstate";
import { z } from "zod";
import { defineMachine } from "../../machines/definition.ts";
import { type ActorInput, event, type Stamped } from "../../machines/event.ts";
import { declareInvocation } from "../../machines/invocations.ts";

const BenchEvent = z.discriminatedUnion("type", [
  event("bench.opened", { planCode: z.string().max(32) }),
  event("bench.used", { units: z.int().positive() }),
  event("bench.armed", { termMs: z.int().nonnegative() }),
  event("bench.renewed", { termMs: z.int().nonnegative() }),
  event("bench.asked", {}),
]);

interface BenchContext {
  readonly id: string;
  readonly planCode: string;
  readonly planVersion: number;
  readonly product: string;
  readonly currency: string;
  readonly amountMinor: number;
  readonly openedAt: number;
  readonly paidUntil: number;
  readonly termMs: number;
  readonly firstChargeId: string;
  readonly lastChargeId: string;
  readonly language: string;
  readonly renewals: number;
  readonly used: number;
  readonly membership: string | null;
}

type AnyEvent = Stamped<z.infer<typeof BenchEvent>> | { type: `xstate.${string}`; at: number };

const machine = setup({
  types: {} as { context: BenchContext; events: AnyEvent; input: ActorInput },
  actions: {
    open: assign(({ event }) => (event.type === "bench.opened" ? { planCode: event.planCode } : {})),
    use: assign(({ context, event }) => (event.type === "bench.used" ? { used: context.used + event.units } : {})),
    startTerm: assign(({ context, event }) =>
      event.type === "bench.armed" || event.type === "bench.renewed"
        ? { termMs: event.termMs, paidUntil: event.at + event.termMs, renewals: context.renewals + 1 }
        : {},
    ),
  },
  guards: { isWorthATerm: ({ event }) => event.type === "bench.renewed" && event.termMs > 0 },
  actors: { checkMembership: declareInvocation("checkMembership") },
  delays: { term: ({ context }) => context.termMs },
}).createMachine({
  id: "subscription",
  initial: "idle",
  context: ({ input }) => ({
    id: input?.id ?? "",
    planCode: "",
    planVersion: 3,
    product: "signals",
    currency: "XTR",
    amountMinor: 75_000,
    openedAt: input?.at ?? 0,
    paidUntil: input?.at ?? 0,
    termMs: 0,
    firstChargeId: "stxEAgPbC1rJwPCOOAmx2vWY8W5Rj3UJ3tK7cVwYh0LxQ9bFzNgTu5Dn2iXk4sGv2Me",
    lastChargeId: "stxN8q0VwzTq8vUQNeY3hQ9tXxk1bD7mR6sJpHc1KvWa8LfGy4ZdEo0iBPq7rUt3jYc",
    language: "en",
    renewals: 0,
    used: 0,
    membership: null,
  }),
  on: { "bench.used": { actions: "use" }, "bench.opened": { actions: "open" } },
  states: {
    idle: {
      on: { "bench.armed": { target: "active", actions: "startTerm" }, "bench.asked": "asking" },
    },
    active: {
      on: { "bench.renewed": { guard: "isWorthATerm", target: "active", reenter: true, actions: "startTerm" } },
      after: { term: "idle" },
    },
    asking: {
      invoke: {
        id: "check",
        src: "checkMembership",
        input: ({ context }) => ({ chatId: "-1002123456789", userId: context.planVersion }),
        onDone: { target: "idle", actions: assign({ membership: ({ event }) => event.output.membership }) },
        onError: "idle",
      },
    },
  },
});

/** Borrows the name `subscription`, because addresses know only real names. */
export const benchMachine = defineMachine<BenchContext, AnyEvent>({
  name: "subscription",
  version: 1,
  machine,
  id: z.string().regex(/^[1-9]\d{0,15}:[a-z0-9-]{1,32}$/),
  event: BenchEvent,
  creators: ["bench.opened"],
  effects: {},
  lookups: () => ["product=signals"],
});
