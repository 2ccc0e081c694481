// One POST of one update to the bot's webhook.
import { type Agent, request } from "node:http";
import { request as requestTls } from "node:https";
import type { Scheduler } from "./scheduler.ts";

export type PostResult =
  | {
      readonly kind: "answered";
      readonly status: number;
      readonly statusText: string;
      /** Unit: seconds. */
      readonly retryAfter: number | null;
      readonly body: string;
    }
  | { readonly kind: "failed"; readonly reason: string };

export interface PostInput {
  readonly url: string;
  readonly secretToken: string | undefined;
  readonly update: unknown;
  readonly agent: Agent;
  readonly scheduler: Scheduler;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Drop the connection once everything is sent. */
  readonly abortAfterSend: boolean;
}

const MAX_REPLY_CHARACTERS = 1_000_000;

/** Never rejects: a failed connection is a result. */
export function postUpdate(input: PostInput): Promise<PostResult> {
  const body = JSON.stringify(input.update);
  const isTls = input.url.startsWith("https:");
  return new Promise((resolve) => {
    const finish = (result: PostResult): void => {
      cancelTimeout();
      input.signal.removeEventListener("abort", onAbort);
      resolve(result);
    };
    const outgoing = (isTls ? requestTls : request)(input.url, {
      method: "POST",
      ...(isTls ? {} : { agent: input.agent }),
      headers: {
        "Content-Type": "application/json",
        "Content-Length": Buffer.byteLength(body),
        ...(input.secretToken === undefined ? {} : { "X-Telegram-Bot-Api-Secret-Token": input.secretToken }),
      },
    });
    const onAbort = (): void => {
      outgoing.destroy();
      finish({ kind: "failed", reason: "Webhook was closed" });
    };
    const cancelTimeout = input.scheduler.after(input.timeoutMs, () => {
      outgoing.destroy();
      finish({ kind: "failed", reason: "Read timeout expired" });
    });
    if (input.signal.aborted) {
      onAbort();
      return;
    }
    input.signal.addEventListener("abort", onAbort, { once: true });
    outgoing.on("error", (error: NodeJS.ErrnoException) => finish({ kind: "failed", reason: reasonOf(error) }));
    outgoing.on("response", (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        if (text.length < MAX_REPLY_CHARACTERS) text += chunk;
      });
      response.on("error", (error: NodeJS.ErrnoException) => finish({ kind: "failed", reason: reasonOf(error) }));
      response.on("end", () => {
        const retryAfter = Number(response.headers["retry-after"]);
        finish({
          kind: "answered",
          status: response.statusCode ?? 0,
          statusText: response.statusMessage ?? "",
          retryAfter: Number.isInteger(retryAfter) && retryAfter > 0 ? retryAfter : null,
          body: text,
        });
      });
    });
    outgoing.end(body, () => {
      if (input.abortAfterSend) outgoing.destroy(new Error("aborted by a fault rule"));
    });
  });
}

const reasonOf = (error: NodeJS.ErrnoException): string => {
  switch (error.code) {
    case "ECONNREFUSED":
      return "Connection refused";
    case "ECONNRESET":
      return "Connection reset by peer";
    default:
      return error.message;
  }
};
