import Fastify, { type FastifyError, type FastifyInstance } from "fastify";
import { AppError, ERRORS } from "../errors.ts";

/** A request that takes longer has a client that is gone or hostile. Unit: milliseconds. */
const REQUEST_TIMEOUT_MS = 30_000;

export interface HttpLogger {
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
}

/** The bare server: limits, and errors that say what to do and nothing about the inside. Routes are registered by their own files. */
export function makeServer(logger: HttpLogger): FastifyInstance {
  const server = Fastify({
    logger: false,
    requestTimeout: REQUEST_TIMEOUT_MS,
    bodyLimit: 1_048_576,
    // Charge and effect ids stand in paths, percent-encoded: longer than the router's default of 100.
    routerOptions: { maxParamLength: 2_048 },
    // Calls that arrive during a stop are refused with 503 and repeated by Telegram.
    return503OnClosing: true,
  });
  server.setErrorHandler((error: FastifyError | AppError, request, reply) => {
    if (error instanceof AppError) {
      const { http, text } = ERRORS[error.code];
      if (http >= 500)
        logger.error({ event: "http.failed", route: request.routeOptions.url, err: error }, "request failed");
      // Names of fields and what they must be; never what was given.
      const fields = Array.isArray(error.details.fields) ? { fields: error.details.fields } : {};
      const { retryAfterSeconds } = error.details;
      if (typeof retryAfterSeconds === "number") reply.header("retry-after", retryAfterSeconds);
      return reply.code(http).send({ error: error.code, message: text, ...fields });
    }
    const status = error.statusCode ?? 500;
    if (status >= 400 && status < 500) return reply.code(status).send({ error: CLIENT_ERRORS[status] ?? "badRequest" });
    logger.error({ event: "http.failed", route: request.routeOptions.url, err: error }, "request failed");
    return reply.code(500).send({ error: "internal" });
  });
  server.setNotFoundHandler((_request, reply) => reply.code(404).send({ error: "notFound" }));
  return server;
}

const CLIENT_ERRORS: Readonly<Record<number, string>> = {
  401: "unauthorized",
  403: "forbidden",
  404: "notFound",
  413: "tooLarge",
  415: "unsupportedMediaType",
  429: "tooManyRequests",
};
