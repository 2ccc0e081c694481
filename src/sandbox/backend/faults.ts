// What goes wrong on purpose: the next calls to a path fail in a chosen way.
import { z } from "zod";
import { BACKEND_ERROR_CODES } from "../../backend/contract/errors.ts";
import { matchesPath } from "./journal.ts";

const Code = z.enum(BACKEND_ERROR_CODES);
const retry_after = z.int().min(0).optional();

/** One of these. Only `delay_ms` and `lose_answer` let the effect happen. */
export const Fault = z.union([
  /** An error answer. `code: null`: without a code. */
  z.strictObject({
    status: z.int().min(400).max(599),
    code: Code.nullable().optional(),
    message: z.string().optional(),
    details: z.record(z.string(), z.unknown()).optional(),
    /** Unit: seconds. */
    retry_after,
  }),
  /** The answer comes later. Unit: milliseconds of real time. */
  z.strictObject({ delay_ms: z.int().min(0).max(3_600_000) }),
  /** No answer, ever: until the faults are cleared or the server stops. */
  z.strictObject({ hang: z.literal(true) }),
  /** The connection is reset. */
  z.strictObject({ reset: z.literal(true) }),
  /** 200 that is a failure. */
  z.strictObject({ success_false: z.literal(true), code: Code.nullable().optional(), message: z.string().optional() }),
  /** The effect happens, then the connection drops. */
  z.strictObject({ lose_answer: z.literal(true) }),
]);
export type Fault = z.output<typeof Fault>;

export const FaultRule = z.strictObject({
  /** Exact path, or its beginning with a `*` at the end. */
  path: z.string().min(1),
  times: z.int().positive().default(1),
  fault: Fault,
});
export type FaultRule = z.output<typeof FaultRule>;

const KINDS = ["status", "delay_ms", "hang", "reset", "success_false", "lose_answer"] as const;
export type FaultKind = (typeof KINDS)[number];

export const kindOf = (fault: Fault): FaultKind => {
  const kind = KINDS.find((name) => name in fault);
  if (!kind) throw new TypeError("a fault of no kind");
  return kind;
};

export class Faults {
  #rules: { rule: FaultRule; left: number }[] = [];
  readonly #hanging = new Set<() => void>();

  add(rule: z.input<typeof FaultRule>): void {
    const parsed = FaultRule.parse(rule);
    this.#rules.push({ rule: parsed, left: parsed.times });
  }

  /** The fault that strikes this call; of several rules the oldest. */
  strike(path: string): Fault | null {
    const active = this.#rules.find(({ rule }) => matchesPath(rule.path, path));
    if (!active) return null;
    active.left -= 1;
    if (active.left <= 0) this.#rules = this.#rules.filter((other) => other !== active);
    return active.rule.fault;
  }

  /** Resolves when the faults are cleared. */
  hang(): Promise<void> {
    return new Promise((resolve) => this.#hanging.add(resolve));
  }

  /** What is still to come. */
  list(): readonly FaultRule[] {
    return this.#rules.map(({ rule, left }) => ({ ...rule, times: left }));
  }

  clear(): void {
    this.#rules = [];
    for (const release of this.#hanging) release();
    this.#hanging.clear();
  }
}
