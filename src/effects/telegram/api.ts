import { Api, type ApiClientOptions } from "grammy";

/** A call that takes longer was lost on the way or will not be told from one that was. Unit: seconds. */
const TIMEOUT_SECONDS = 10;

export interface TelegramApiOptions {
  readonly token: string;
  /** Without a slash at the end. Default: Telegram's own server. */
  readonly apiRoot?: string;
  readonly environment?: "prod" | "test";
  /** Unit: seconds. */
  readonly timeoutSeconds?: number;
}

type ClientFetch = NonNullable<ApiClientOptions["fetch"]>;

/**
 * The client of the workers. Every call ends within ten seconds, the reading of the answer included: grammY's own fetch (node-fetch 2)
 * waits for ever when a connection breaks in the middle of an answer.
 *
 * Its errors hold the request and, through their cause, the address with the token: never log them, see `classifyTelegramError`.
 */
export function makeTelegramApi({
  token,
  apiRoot,
  environment,
  timeoutSeconds = TIMEOUT_SECONDS,
}: TelegramApiOptions): Api {
  return new Api(token, {
    fetch: nativeFetch,
    timeoutSeconds,
    ...(apiRoot === undefined ? {} : { apiRoot }),
    ...(environment === undefined ? {} : { environment }),
  });
}

/** grammY brings its own AbortController, whose signal Node's fetch refuses; everything else is taken over as it is. */
const nativeFetch = (async (
  input: string | URL,
  init: { method?: string; headers?: object; body?: unknown; signal?: ForeignSignal } = {},
) => {
  const controller = new AbortController();
  const stop = () => controller.abort();
  if (init.signal?.aborted) stop();
  init.signal?.addEventListener("abort", stop);
  // Not released when the headers are there: reading the body must stop as well.
  return fetch(input, {
    method: init.method ?? "GET",
    headers: { ...init.headers } as Record<string, string>,
    body: (init.body ?? null) as RequestInit["body"],
    signal: controller.signal,
    redirect: "error",
    ...(typeof init.body === "string" ? {} : { duplex: "half" }),
  } as RequestInit);
}) as unknown as ClientFetch;

interface ForeignSignal {
  readonly aborted: boolean;
  addEventListener(type: "abort", listener: () => void): void;
}
