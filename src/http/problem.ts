// What an answer says when it is no: RFC 9457, from the one table of errors.
import type { FastifyReply } from "fastify";
import { ERRORS, type ErrorCode } from "../errors.ts";
import type { Problem } from "../support/answers/operations.ts";

export const PROBLEM_TYPE = "application/problem+json";
/** Names one request in the answer and in the log. */
export const REQUEST_ID_HEADER = "x-request-id";

export interface ProblemMore {
  /** Names of fields and what they must be; never what was given. */
  readonly fields?: readonly string[];
  /** Where it is more exact than the code's own. */
  readonly status?: number;
}

/** `title` is what happened, `detail` also says what to do about it. */
export function problemOf(
  code: ErrorCode,
  requestId: string,
  { fields, status = ERRORS[code].http }: ProblemMore = {},
): Problem {
  const { text } = ERRORS[code];
  const [title = text] = text.split(/[;:.](?= |$)/, 1);
  return {
    type: `/docs/errors.md#${code}`,
    title,
    status,
    code,
    detail: text,
    ...(fields === undefined ? {} : { fields: [...fields] }),
    requestId,
  };
}

export function sendProblem(reply: FastifyReply, code: ErrorCode, more: ProblemMore = {}): FastifyReply {
  const problem = problemOf(code, reply.request.id, more);
  // Said again where the hooks of the server never ran: an address that cannot be read.
  return reply.code(problem.status).header(REQUEST_ID_HEADER, problem.requestId).type(PROBLEM_TYPE).send(problem);
}
