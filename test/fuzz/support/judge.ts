// What every answer must be, whatever was asked.
import { expect } from "vitest";
import { ERRORS } from "../../../src/errors.ts";
import { Problem } from "../../../src/support/answers/operations.ts";

/** Frames of a stack, paths of files, names of libraries' errors. */
const INSIDE =
  /\bat [\w.<>$ ]*\(?(?:file|node|\/)[^\s]*:\d+:\d+|node_modules|\/src\/\w|FST_|ZodError|ReplyError|SyntaxError/;

export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/**
 * @param allowed statuses from 500 up that are declared for what was asked.
 * @param secrets what no answer may hold.
 */
export function judge(
  { status, type, body }: Answer,
  secrets: readonly string[],
  allowed: readonly number[] = [],
): void {
  expect(status < 500 || allowed.includes(status), `${status} ${body.slice(0, 500)}`).toBe(true);
  for (const secret of secrets) expect(body.includes(secret), "a secret in the answer").toBe(false);
  // What belongs to no route and no method has no body to be read.
  if (status < 400 || body === "") return;
  expect(body).not.toMatch(INSIDE);
  expect(type).toMatch(/^application\/problem\+json/);
  const problem = Problem.parse(JSON.parse(body));
  expect(problem.status).toBe(status);
  expect(Object.keys(ERRORS)).toContain(problem.code);
}

/** Collects what nobody caught while the inputs ran. */
export function watchProcess(): { readonly seen: () => readonly string[]; readonly stop: () => void } {
  const seen: string[] = [];
  const note = (error: unknown) => void seen.push(error instanceof Error ? String(error.stack) : String(error));
  process.on("unhandledRejection", note);
  process.on("uncaughtExceptionMonitor", note);
  return {
    seen: () => seen,
    stop: () => {
      process.off("unhandledRejection", note);
      process.off("uncaughtExceptionMonitor", note);
    },
  };
}
