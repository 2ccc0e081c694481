import { Agent, type Dispatcher } from "undici";
import { CONTENT_TYPE } from "./contract/headers.ts";
import { MAX_BODY_BYTES } from "./contract/limits.ts";

export interface HttpRequest {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  /** Unit: milliseconds, from the moment the request is sent. */
  readonly answerTimeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
  /** What `text` was decoded from. */
  readonly bytes: Uint8Array;
  /** null: absent. */
  header(name: string): string | null;
}

/** `connect`: the request was not sent. With any other it may have been carried out. */
export type NoAnswer = "connect" | "timeout" | "connection" | "tooLarge" | "aborted";

export type Exchange =
  | { readonly ok: true; readonly answer: HttpAnswer }
  | { readonly ok: false; readonly failure: NoAnswer };

export interface Transport {
  /** One request, one answer; follows no redirect, repeats nothing, throws nothing. */
  send(request: HttpRequest): Promise<Exchange>;
  /** Breaks running requests off: whoever made them repeats them. */
  close(): Promise<void>;
}

/** More calls than that at once wait for a connection. */
const MAX_CONNECTIONS = 64;

const NOT_SENT = new Set([
  "UND_ERR_CONNECT_TIMEOUT",
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
]);
const TIMEOUTS = new Set(["UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT"]);

/** @param connectTimeoutMs includes TLS. Unit: milliseconds. */
export function makeTransport(origin: string, connectTimeoutMs: number): Transport {
  const agent = new Agent({
    connect: { timeout: connectTimeoutMs },
    connections: MAX_CONNECTIONS,
    maxResponseSize: MAX_BODY_BYTES,
  });

  return {
    async send({ method, path, headers, body, answerTimeoutMs, signal }) {
      // Headers and pauses between pieces are bounded below; this bounds an answer that trickles.
      const deadline = AbortSignal.timeout(connectTimeoutMs + answerTimeoutMs);
      try {
        const {
          statusCode,
          headers: answered,
          body: stream,
        } = await agent.request({
          origin,
          path,
          method,
          headers: {
            accept: "application/json",
            ...(body === null ? {} : { "content-type": CONTENT_TYPE }),
            ...headers,
          },
          body,
          headersTimeout: answerTimeoutMs,
          bodyTimeout: answerTimeoutMs,
          signal: signal === undefined ? deadline : AbortSignal.any([signal, deadline]),
        });
        const bytes = new Uint8Array(await stream.arrayBuffer());
        const text = decoder.decode(bytes);
        return { ok: true, answer: { status: statusCode, text, bytes, header: headerOf(answered) } };
      } catch (error) {
        // The error itself goes no further: it may hold the request with its credential.
        return { ok: false, failure: failureOf(error, deadline, signal) };
      }
    },
    close: () => agent.destroy(),
  };
}

/** Drops a byte order mark, and takes what is no UTF-8 for what it is: JSON that cannot be parsed. */
const decoder = new TextDecoder();

const headerOf =
  (headers: Dispatcher.ResponseData["headers"]) =>
  (name: string): string | null => {
    const value = headers[name.toLowerCase()];
    return (Array.isArray(value) ? value[0] : value) ?? null;
  };

function failureOf(error: unknown, deadline: AbortSignal, signal: AbortSignal | undefined): NoAnswer {
  if (signal?.aborted) return "aborted";
  if (deadline.aborted) return "timeout";
  const code = (error as { readonly code?: unknown } | null)?.code;
  if (typeof code !== "string") return "connection";
  if (NOT_SENT.has(code)) return "connect";
  if (TIMEOUTS.has(code)) return "timeout";
  return code === "UND_ERR_RES_EXCEEDED_MAX_SIZE" ? "tooLarge" : "connection";
}
