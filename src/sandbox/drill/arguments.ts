// The command line of `npm run drill`.
import { parseArgs } from "node:util";
import type { Staging } from "./staging.ts";

export interface DrillArguments {
  readonly payments: number;
  readonly cycles: number;
  /** Unit: milliseconds. */
  readonly paceMs: number;
  /** Where the report goes as JSON, besides the terminal. */
  readonly json: string | undefined;
  /** `private`: a stack of its own; `byHand`: a service at the real Telegram, where nobody can pay for others. */
  readonly staging: Staging | "private" | "byHand";
}

export const USAGE = `npm run drill                       a service, a Redis and a simulated Telegram of its own
npm run drill -- --target URL --emulator URL
                                    a staging service whose TELEGRAM_API_ROOT is that simulated Telegram;
                                    DRILL_TOKEN: a token of its ADMIN_TOKENS, role finance or owner
npm run drill -- --target URL       at the real Telegram: prints what to do by hand
  --payments 25  --cycles 8  --pace 1500 (milliseconds between two people)  --json FILE
`;

/** @returns the arguments, or a sentence that says what is wrong with them. */
export function readArguments(args: readonly string[], token: string | undefined): DrillArguments | string {
  let values: Partial<Record<"target" | "emulator" | "payments" | "cycles" | "pace" | "json", string>>;
  const text = { type: "string" } as const;
  try {
    const options = { target: text, emulator: text, payments: text, cycles: text, pace: text, json: text };
    ({ values } = parseArgs({ args: [...args], options }));
  } catch (error) {
    return (error as Error).message;
  }
  const { target, emulator, json, payments = "25", cycles = "8", pace = "1500" } = values;
  for (const [name, value] of Object.entries({ payments, cycles, pace }))
    if (!/^\d{1,5}$/.test(value)) return `--${name} must be a whole number`;
  for (const [name, value] of Object.entries({ target, emulator }))
    if (value !== undefined && !/^https?:\/\/[^/]+$/.test(value))
      return `--${name} must be http://host:port, without a path`;
  const sizes = { payments: Number(payments), cycles: Number(cycles), paceMs: Number(pace), json };
  if (target === undefined)
    return emulator === undefined ? { ...sizes, staging: "private" } : "--emulator needs --target: the service to try";
  if (emulator === undefined) return { ...sizes, staging: "byHand" };
  if (!token) return "DRILL_TOKEN must be set: a token of the service's ADMIN_TOKENS, role finance or owner";
  return { ...sizes, staging: { service: target, emulator, adminToken: token } };
}
