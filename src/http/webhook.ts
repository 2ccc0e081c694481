import type { FastifyInstance } from "fastify";
import { AppError, isAppError } from "../errors.ts";
import { sendProblem } from "./problem.ts";
import { isSame } from "./secrets.ts";

export const WEBHOOK_PATH = "/telegram/webhook";
/** Telegram's updates are a few kB. Unit: bytes. */
const BODY_LIMIT = 1_048_576;

/**
 * Telegram itself waits twice as long after each refusal, up to two minutes: after half a minute without Redis a payment would wait half a
 * minute more. It obeys what it is told here. Unit: seconds.
 */
const COME_AGAIN_SECONDS = 2;

export interface WebhookDeps {
  readonly secret: string;
  /** Makes the update durable; throws when it could not. */
  readonly accept: (update: unknown) => Promise<unknown>;
  /** Told of each answer's status code. */
  readonly onAnswer?: (code: number) => void;
}

/** Telegram's side door. Everything else than an authentic update gets a short 4xx; what could not be kept a 503, so that it is repeated. */
export function registerWebhook(server: FastifyInstance, { secret, accept, onAnswer }: WebhookDeps): void {
  server.post(
    WEBHOOK_PATH,
    {
      bodyLimit: BODY_LIMIT,
      // Where a body is wrong is for people who write one.
      errorHandler: (error) => {
        throw isAppError(error, "http.badRequest") ? new AppError("http.badRequest") : error;
      },
      onResponse: async (_request, reply) => onAnswer?.(reply.statusCode),
      // Before the body is read: a stranger costs nothing but this comparison.
      onRequest: async (request, reply) => {
        const given = request.headers["x-telegram-bot-api-secret-token"];
        if (typeof given !== "string" || !isSame(given, secret)) return sendProblem(reply, "http.unauthorized");
      },
    },
    async (request, reply) => {
      const body = request.body;
      if (typeof body !== "object" || body === null || Array.isArray(body))
        return sendProblem(reply, "http.badRequest");
      try {
        await accept(body);
      } catch (error) {
        if (isAppError(error) && error.retry) reply.header("retry-after", COME_AGAIN_SECONDS);
        throw error;
      }
      return reply.code(200).send({ ok: true });
    },
  );
}
