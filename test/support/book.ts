// A machine that can be held to account: everything it was told stands in its context once, or the runtime has lost or doubled it.
// It borrows the name `order`, because addresses know only real names.
import { assign, setup } from "xstate";
import { z } from "zod";
import { addressOf } from "../../machines/address.ts";
import { defineMachine } from "../../machines/definition.ts";
import { declareActions, type EffectsOf } from "../../machines/effects.ts";
import { type ActorInput, event, type Stamped } from "../../machines/event.ts";
import { declareInvocation } from "../../machines/invocations.ts";

const name = z.string().min(1).max(64);

const BookEvent = z.discriminatedUnion("type", [
  /** Written down under its key, put into the books, told to the outside, and told to another book. */
  event("book.written", { entry: name, to: name.nullable() }),
  /** From another book. */
  event("book.noted", { entry: name }),
  event("book.armed", { inMs: z.int().nonnegative() }),
  event("book.asked", {}),
  /** Leaves the work that is asked for. */
  event("book.dropped", {}),
  /** The machine throws from now on whenever its timer fires or a result comes. */
  event("book.spoiled", {}),
  event("book.mended", {}),
]);

export interface BookContext {
  readonly id: string;
  readonly entries: readonly string[];
  readonly notes: readonly string[];
  readonly armed: number;
  /** When timers fired, epoch ms. */
  readonly fired: readonly number[];
  readonly asked: number;
  readonly dropped: number;
  /** What came of the work: a membership, or an error's code. */
  readonly answers: readonly string[];
  readonly inMs: number;
  readonly spoiled: boolean;
}
type AnyEvent = Stamped<z.infer<typeof BookEvent>>;

const effects = {
  book: ({ context, event }) =>
    event.type === "book.written"
      ? [
          {
            kind: "recordLedger",
            row: `${context.id} ${event.entry}`,
            entry: "charge",
            chargeId: event.entry,
            userId: 1,
            orderId: null,
            currency: "XTR",
            amountMinor: 1,
            at: event.at,
          },
        ]
      : [],
  announce: ({ context, event }) =>
    event.type === "book.written"
      ? [
          {
            kind: "notifyCustomer",
            userId: 1,
            notice: "payment.received",
            product: null,
            params: { entry: `${context.id} ${event.entry}` },
          },
        ]
      : [],
  pass: ({ context, event }) =>
    event.type === "book.written" && event.to !== null
      ? [
          {
            kind: "tell",
            to: addressOf.order(event.to),
            event: { type: "book.noted", entry: `${context.id} ${event.entry}` },
          },
        ]
      : [],
} as const satisfies Record<string, EffectsOf<BookContext, AnyEvent>>;

const failWhenSpoiled = ({ spoiled }: BookContext): void => {
  if (spoiled) throw new TypeError("a defect");
};

const machine = setup({
  types: {} as { context: BookContext; events: AnyEvent; input: ActorInput },
  actors: { checkMembership: declareInvocation("checkMembership") },
  actions: {
    ...declareActions(effects),
    write: assign({
      entries: ({ context, event }) =>
        event.type === "book.written" ? [...context.entries, event.entry] : context.entries,
    }),
    note: assign({
      notes: ({ context, event }) => (event.type === "book.noted" ? [...context.notes, event.entry] : context.notes),
    }),
    spoil: assign({ spoiled: true }),
    mend: assign({ spoiled: false }),
  },
  delays: { chosen: ({ context }) => context.inMs },
}).createMachine({
  id: "order",
  type: "parallel",
  context: ({ input }) => ({
    id: input?.id ?? "",
    entries: [],
    notes: [],
    armed: 0,
    fired: [],
    asked: 0,
    dropped: 0,
    answers: [],
    inMs: 0,
    spoiled: false,
  }),
  on: {
    "book.written": { actions: ["write", "book", "announce", "pass"] },
    "book.noted": { actions: "note" },
    "book.spoiled": { actions: "spoil" },
    "book.mended": { actions: "mend" },
  },
  states: {
    timer: {
      initial: "resting",
      states: {
        resting: {
          on: {
            "book.armed": {
              target: "armed",
              actions: assign({ inMs: ({ event }) => event.inMs, armed: ({ context }) => context.armed + 1 }),
            },
          },
        },
        armed: {
          after: {
            chosen: {
              target: "resting",
              actions: assign({
                fired: ({ context, event }) => {
                  failWhenSpoiled(context);
                  return [...context.fired, event.at];
                },
              }),
            },
          },
        },
      },
    },
    work: {
      initial: "idle",
      states: {
        idle: {
          on: { "book.asked": { target: "asking", actions: assign({ asked: ({ context }) => context.asked + 1 }) } },
        },
        asking: {
          on: {
            "book.dropped": { target: "idle", actions: assign({ dropped: ({ context }) => context.dropped + 1 }) },
          },
          invoke: {
            id: "check",
            src: "checkMembership",
            input: ({ context }) => ({ chatId: "-1", userId: context.asked }),
            onDone: {
              target: "idle",
              actions: assign({
                answers: ({ context, event }) => {
                  failWhenSpoiled(context);
                  return [...context.answers, event.output.membership];
                },
              }),
            },
            onError: {
              target: "idle",
              actions: assign({
                answers: ({ context, event }) => {
                  failWhenSpoiled(context);
                  return [...context.answers, (event.error as { code: string }).code];
                },
              }),
            },
          },
        },
      },
    },
  },
});

export const book = defineMachine<BookContext, AnyEvent>({
  name: "order",
  version: 1,
  machine,
  id: z.string().regex(/^[\w-]{1,32}$/),
  event: BookEvent,
  creators: ["book.written", "book.noted", "book.armed", "book.asked"],
  effects,
  lookups: ({ id }) => [`chatId=-${id.length}`],
});
