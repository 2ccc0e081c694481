// Faults on demand: what goes wrong with calls of the bot, and with updates on their way to it.
import { z } from "zod";

export const CallFaultSchema = z.discriminatedUnion("kind", [
  /** A refusal in Telegram's envelope; 429 takes `retryAfter` (seconds). `execute`: the effect happens all the same. */
  z.strictObject({
    kind: z.literal("error"),
    status: z.int().min(400).max(599),
    description: z.string().optional(),
    retryAfter: z.int().positive().optional(),
    execute: z.boolean().default(false),
  }),
  /** The connection drops, before or after the effect. */
  z.strictObject({ kind: z.literal("reset"), when: z.enum(["before", "after"]) }),
  /** No answer until released. */
  z.strictObject({ kind: z.literal("hang"), execute: z.boolean().default(false) }),
  /** The effect happens, half of the answer arrives, the connection closes. */
  z.strictObject({ kind: z.literal("truncate") }),
  /** A proxy's HTML page instead of JSON. */
  z.strictObject({
    kind: z.literal("garbage"),
    status: z.int().min(200).max(599).default(502),
    body: z.string().default("<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"),
    execute: z.boolean().default(false),
  }),
  /** The answer is late, on the scheduler's clock. */
  z.strictObject({ kind: z.literal("delay"), delayMs: z.int().nonnegative() }),
]);
export type CallFault = z.output<typeof CallFaultSchema>;

export const DeliveryFaultSchema = z.discriminatedUnion("kind", [
  /** The update never comes. */
  z.strictObject({ kind: z.literal("drop") }),
  /** It comes twice: one after the other or at once; with its own number again, or a new one; also to another address. */
  z.strictObject({
    kind: z.literal("duplicate"),
    concurrent: z.boolean().default(false),
    newUpdateId: z.boolean().default(false),
    toUrl: z.url().optional(),
  }),
  /** It is held back and overtaken, for some time or until released. */
  z.strictObject({ kind: z.literal("delay"), delayMs: z.int().nonnegative().optional() }),
  /** The bot's 2xx is lost: the update comes again. */
  z.strictObject({ kind: z.literal("ackLost") }),
  /** The connection drops as soon as the update is sent. */
  z.strictObject({ kind: z.literal("abort") }),
]);
export type DeliveryFault = z.output<typeof DeliveryFaultSchema>;

const common = {
  userId: z.int().optional(),
  chatId: z.int().optional(),
  /** How often it strikes; always when absent. */
  times: z.int().positive().optional(),
  /** Matches to let pass first. */
  skip: z.int().nonnegative().default(0),
};

export const CallRuleSchema = z.strictObject({ ...common, method: z.string().optional(), fault: CallFaultSchema });
export const DeliveryRuleSchema = z.strictObject({
  ...common,
  /** `message`, `chat_member` ..., or a service message's field: `successful_payment`, `refunded_payment`. */
  updateType: z.string().optional(),
  fault: DeliveryFaultSchema,
});

export type CallRule = z.input<typeof CallRuleSchema>;
export type DeliveryRule = z.input<typeof DeliveryRuleSchema>;

/** A rule in force. */
export interface FaultHandle {
  readonly id: number;
  /** How often it has struck. */
  readonly hits: number;
  /** Lets go of everything that hangs or is held back by this rule. */
  release(): void;
  remove(): void;
}

class ActiveRule<F> implements FaultHandle {
  readonly id: number;
  readonly fault: F;
  hits = 0;
  #skip: number;
  #left: number;
  readonly #matches: (subject: FaultSubject) => boolean;
  readonly #onRemove: () => void;
  readonly #held = new Set<() => void>();

  constructor(input: {
    id: number;
    fault: F;
    skip: number;
    times: number | undefined;
    matches: (subject: FaultSubject) => boolean;
    onRemove: () => void;
  }) {
    this.id = input.id;
    this.fault = input.fault;
    this.#skip = input.skip;
    this.#left = input.times ?? Number.POSITIVE_INFINITY;
    this.#matches = input.matches;
    this.#onRemove = input.onRemove;
  }

  strike(subject: FaultSubject): boolean {
    if (this.#left <= 0 || !this.#matches(subject)) return false;
    if (this.#skip > 0) {
      this.#skip -= 1;
      return false;
    }
    this.#left -= 1;
    this.hits += 1;
    return true;
  }

  hold(go: () => void): void {
    this.#held.add(go);
  }

  release(): void {
    const held = [...this.#held];
    this.#held.clear();
    for (const go of held) go();
  }

  remove(): void {
    this.release();
    this.#onRemove();
  }
}

export interface FaultSubject {
  readonly names: readonly string[];
  readonly userIds: readonly number[];
  readonly chatIds: readonly number[];
}

export interface Strike<F> {
  readonly fault: F;
  /** Hands over what `release()` of the rule shall run. */
  hold(go: () => void): void;
}

class Rules<F extends { readonly kind: string }> {
  readonly #rules: ActiveRule<F>[] = [];
  readonly #nextId: () => number;

  constructor(nextId: () => number) {
    this.#nextId = nextId;
  }

  add(
    rule: {
      fault: F;
      userId?: number | undefined;
      chatId?: number | undefined;
      times?: number | undefined;
      skip: number;
    },
    name: string | undefined,
  ): FaultHandle {
    const active: ActiveRule<F> = new ActiveRule<F>({
      id: this.#nextId(),
      fault: rule.fault,
      skip: rule.skip,
      times: rule.times,
      matches: (subject) =>
        (name === undefined || subject.names.some((n) => n.toLowerCase() === name.toLowerCase())) &&
        (rule.userId === undefined || subject.userIds.includes(rule.userId)) &&
        (rule.chatId === undefined || subject.chatIds.includes(rule.chatId)),
      onRemove: () => {
        const at = this.#rules.indexOf(active);
        if (at >= 0) this.#rules.splice(at, 1);
      },
    });
    this.#rules.push(active);
    return active;
  }

  /** The first rule of one of these kinds that strikes now. */
  strike(subject: FaultSubject, kinds: readonly F["kind"][]): Strike<F> | null {
    const rule = this.#rules.find((r) => kinds.includes(r.fault.kind) && r.strike(subject));
    return rule ? { fault: rule.fault, hold: (go) => rule.hold(go) } : null;
  }

  find(id: number): FaultHandle | undefined {
    return this.#rules.find((rule) => rule.id === id);
  }

  list(): { readonly id: number; readonly kind: string; readonly hits: number }[] {
    return this.#rules.map((rule) => ({ id: rule.id, kind: rule.fault.kind, hits: rule.hits }));
  }

  clear(): void {
    for (const rule of [...this.#rules]) rule.remove();
  }
}

/** All fault rules of one emulator. */
export class Faults {
  #lastId = 0;
  readonly #nextId = (): number => {
    this.#lastId += 1;
    return this.#lastId;
  };
  readonly calls = new Rules<CallFault>(this.#nextId);
  readonly deliveries = new Rules<DeliveryFault>(this.#nextId);

  /** `faults.onCall({ method: "sendMessage", times: 1, fault: { kind: "error", status: 429, retryAfter: 3 } })` */
  onCall(rule: CallRule): FaultHandle {
    const parsed = CallRuleSchema.parse(rule);
    return this.calls.add(parsed, parsed.method);
  }

  /** `faults.onDelivery({ updateType: "successful_payment", times: 1, fault: { kind: "drop" } })` */
  onDelivery(rule: DeliveryRule): FaultHandle {
    const parsed = DeliveryRuleSchema.parse(rule);
    return this.deliveries.add(parsed, parsed.updateType);
  }

  clear(): void {
    this.calls.clear();
    this.deliveries.clear();
  }
}
