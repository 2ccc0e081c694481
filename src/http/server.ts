import helmet from "@fastify/helmet";
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { AppError, ERRORS, type ErrorCode } from "../errors.ts";
import type { LogFields } from "../telemetry/log-fields.ts";
import { takeJson } from "./json-body.ts";
import { REQUEST_ID_HEADER, sendProblem } from "./problem.ts";
import { makeRequestIds } from "./request-id.ts";
import { SAFE_HEADERS } from "./safe-headers.ts";

/** A request that takes longer has a client that is gone or hostile. Unit: milliseconds. */
const REQUEST_TIMEOUT_MS = 30_000;

export interface HttpLogger {
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
}

export interface ServerOptions {
  /** Addresses and networks (CIDR) of proxies whose word about a caller's address is taken. */
  readonly trustedProxies?: readonly string[];
}

/** The bare server: limits, and errors that say what to do and nothing about the inside. Routes are registered by their own files. */
export function makeServer(logger: HttpLogger, { trustedProxies = [] }: ServerOptions = {}): FastifyInstance {
  const onError = (error: FastifyError | AppError, request: FastifyRequest, reply: FastifyReply) => {
    const logFailure = () =>
      logger.error(
        { event: "http.failed", requestId: request.id, route: request.routeOptions.url, err: error },
        "request failed",
      );
    if (error instanceof AppError) {
      if (ERRORS[error.code].http >= 500) logFailure();
      const { fields, retryAfterSeconds } = error.details;
      if (typeof retryAfterSeconds === "number") reply.header("retry-after", retryAfterSeconds);
      return sendProblem(reply, error.code, Array.isArray(fields) ? { fields } : {});
    }
    // What Fastify itself says repeats what was given.
    const status = error.statusCode ?? 500;
    if (status >= 400 && status < 500)
      return sendProblem(reply, CLIENT_ERRORS[status] ?? "http.badRequest", { status });
    logFailure();
    return sendProblem(reply, "http.internal");
  };
  const server = Fastify({
    logger: false,
    requestTimeout: REQUEST_TIMEOUT_MS,
    bodyLimit: 1_048_576,
    // Charge and effect ids stand in paths, percent-encoded: longer than the router's default of 100.
    routerOptions: { maxParamLength: 2_048 },
    // Calls that arrive during a stop are refused with 503 and repeated by Telegram.
    return503OnClosing: true,
    trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
    requestIdHeader: false,
    genReqId: makeRequestIds(trustedProxies),
    // An address that cannot be read never comes to a route, nor to its error handler.
    frameworkErrors: onError,
  });
  // Here and not behind the door: an answer that something is not there is read by browsers too.
  server.register(helmet, SAFE_HEADERS);
  server.addHook("onRequest", async (request, reply) => {
    reply.header(REQUEST_ID_HEADER, request.id);
  });
  takeJson(server);
  server.setErrorHandler(onError);
  server.setNotFoundHandler((_request, reply) => sendProblem(reply, "http.notFound"));
  return server;
}

/** How long running requests may take once the server is closing. Unit: milliseconds. */
const CLOSE_PATIENCE_MS = 2_000;

/**
 * Takes no new connections and lets running requests finish. One that does not come to an end, or a connection on which nobody asks
 * anything, would otherwise hold the whole stop up.
 */
export async function closeServer(server: FastifyInstance, patienceMs = CLOSE_PATIENCE_MS): Promise<void> {
  const impatience = setTimeout(() => server.server.closeAllConnections(), patienceMs);
  try {
    await server.close();
  } finally {
    clearTimeout(impatience);
  }
}

const CLIENT_ERRORS: Readonly<Record<number, ErrorCode>> = {
  404: "http.notFound",
  413: "http.tooLarge",
  415: "http.unsupportedMediaType",
};
