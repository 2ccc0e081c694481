// A small machine with one of everything the runtime must carry out. It borrows the name `ticket`, because addresses know only real names.
import { assign, cancel, raise, setup } from "xstate";
import { z } from "zod";
import { addressOf } from "../../../machines/address.ts";
import { defineMachine } from "../../../machines/definition.ts";
import { declareActions, type EffectsOf } from "../../../machines/effects.ts";
import { type ActorInput, event, type Stamped } from "../../../machines/event.ts";
import { declareInvocation } from "../../../machines/invocations.ts";

export const ProbeEvent = z.discriminatedUnion("type", [
  event("probe.opened", { note: z.string().max(64) }),
  event("probe.counted", { by: z.int() }),
  event("probe.armed", { inMs: z.int().nonnegative() }),
  event("probe.disarmed", {}),
  event("probe.asked", { chatId: z.string() }),
  event("probe.dropped", {}),
  event("probe.told", { ticket: z.string() }),
  event("probe.broke", {}),
  event("probe.raised", {}),
  event("probe.closed", {}),
]);

export interface ProbeContext {
  readonly id: string;
  readonly total: number;
  readonly firedAt: readonly number[];
  readonly inMs: number;
  readonly chatId: string;
  readonly answer: string | null;
}
type Internal = { type: `xstate.${string}`; at: number };
type AnyEvent = Stamped<z.infer<typeof ProbeEvent>> | { type: "again"; at: number } | Internal;

const effects = {
  tellOther: ({ event }) =>
    event.type === "probe.told"
      ? [{ kind: "tell", to: addressOf.ticket(event.ticket), event: { type: "probe.counted", by: 1 } }]
      : [],
  record: ({ context, event }) => [
    {
      kind: "recordLedger",
      row: `probe ${context.id} ${event.at}`,
      entry: "charge",
      chargeId: "c",
      userId: 1,
      orderId: null,
      currency: "XTR",
      amountMinor: 1,
      at: event.at,
    },
  ],
} as const satisfies Record<string, EffectsOf<ProbeContext, AnyEvent>>;

const machine = setup({
  types: {} as { context: ProbeContext; events: AnyEvent; input: ActorInput },
  actions: {
    ...declareActions(effects),
    count: assign(({ context, event }) => (event.type === "probe.counted" ? { total: context.total + event.by } : {})),
    fail: assign(() => {
      throw new TypeError("a defect");
    }),
  },
  actors: { checkMembership: declareInvocation("checkMembership") },
  delays: { chosen: ({ context }) => context.inMs, long: 40 * 86_400_000 },
}).createMachine({
  id: "ticket",
  type: "parallel",
  context: ({ input }) => ({ id: input?.id ?? "", total: 0, firedAt: [], inMs: 0, chatId: "", answer: null }),
  on: {
    "probe.counted": { actions: "count" },
    "probe.told": { actions: "tellOther" },
    "probe.broke": { actions: "fail" },
    // Without the cancel XState's interpreter would let both fire; the durable runtime has one timer per name.
    "probe.raised": { actions: [cancel("later"), raise({ type: "again", at: 0 }, { id: "later", delay: 1_000 })] },
    again: { actions: assign({ firedAt: ({ context, event }) => [...context.firedAt, event.at] }) },
  },
  states: {
    timer: {
      initial: "resting",
      states: {
        resting: {
          on: { "probe.armed": { target: "armed", actions: assign({ inMs: ({ event }) => event.inMs }) } },
        },
        armed: {
          on: {
            "probe.armed": { target: "armed", reenter: true, actions: assign({ inMs: ({ event }) => event.inMs }) },
            "probe.disarmed": "resting",
          },
          after: {
            chosen: {
              target: "resting",
              actions: ["record", assign({ firedAt: ({ context, event }) => [...context.firedAt, event.at] })],
            },
            long: "resting",
          },
        },
      },
    },
    work: {
      initial: "idle",
      states: {
        idle: { on: { "probe.asked": { target: "asking", actions: assign({ chatId: ({ event }) => event.chatId }) } } },
        asking: {
          on: {
            "probe.dropped": "idle",
            "probe.asked": {
              target: "asking",
              reenter: true,
              actions: assign({ chatId: ({ event }) => event.chatId }),
            },
          },
          invoke: {
            id: "check",
            src: "checkMembership",
            input: ({ context }) => ({ chatId: context.chatId, userId: 1 }),
            onDone: { target: "idle", actions: assign({ answer: ({ event }) => event.output.membership }) },
            onError: { target: "idle", actions: assign({ answer: () => "failed" }) },
          },
        },
        finished: { type: "final" },
      },
    },
  },
});

export const probe = defineMachine<ProbeContext, AnyEvent>({
  name: "ticket",
  version: 1,
  machine,
  id: z.string().regex(/^[\w-]{1,32}$/),
  event: ProbeEvent,
  creators: ["probe.opened", "probe.counted"],
  effects,
  lookups: ({ id }) => [`orderId=${id}`],
  personal: { "probe.opened": ["note"] },
});
