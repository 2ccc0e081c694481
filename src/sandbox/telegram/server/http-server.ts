// The HTTP face: routes, the token, and the faults of the wire.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Scheduler } from "../delivery/scheduler.ts";
import { BotApiError } from "../errors.ts";
import type { CallFault, Faults } from "../faults.ts";
import type { ResolvedOptions } from "../options.ts";
import { type BotApi, envelope } from "./bot-api.ts";
import { type RawParams, readBody, readParams } from "./request-body.ts";

const MAX_BODY_BYTES = 20 * 1024 * 1024;
const CONTROL_PREFIX = "/__telegram/";

/** Answers a request under `/__telegram/`. */
export type ControlHandler = (
  method: string,
  path: string,
  query: URLSearchParams,
  body: Buffer,
) => Promise<{
  readonly status: number;
  readonly body: unknown;
}>;

export class BotApiServer {
  readonly #options: ResolvedOptions;
  readonly #scheduler: Scheduler;
  readonly #api: BotApi;
  readonly #faults: Faults;
  readonly #control: ControlHandler | null;
  readonly #onChange: () => void;
  readonly #onDefect: (cause: unknown) => void;
  readonly #server: Server;
  readonly #releases = new Set<() => void>();
  #busy = 0;

  constructor(input: {
    options: ResolvedOptions;
    scheduler: Scheduler;
    api: BotApi;
    faults: Faults;
    control: ControlHandler | null;
    onChange: () => void;
    onDefect: (cause: unknown) => void;
  }) {
    this.#options = input.options;
    this.#scheduler = input.scheduler;
    this.#api = input.api;
    this.#faults = input.faults;
    this.#control = input.control;
    this.#onChange = input.onChange;
    this.#onDefect = input.onDefect;
    this.#server = createServer((request, response) => void this.#serve(request, response));
    this.#server.keepAliveTimeout = 30_000;
  }

  /** Calls being answered, without those that wait for updates or hang by a fault. */
  get busy(): number {
    return this.#busy;
  }

  /** @returns the port. */
  listen(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(this.#options.port, this.#options.host, () => {
        this.#server.off("error", reject);
        resolve((this.#server.address() as AddressInfo).port);
      });
    });
  }

  close(): Promise<void> {
    for (const release of [...this.#releases]) release();
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const url = new URL(request.url ?? "/", "http://emulator");
      if (this.#control && url.pathname.startsWith(CONTROL_PREFIX)) {
        if (!isForPrograms(request))
          throw new BotApiError(403, "Forbidden: the controls are not for pages of other sites");
        const body = await readBody(request, MAX_BODY_BYTES);
        const path = url.pathname.slice(CONTROL_PREFIX.length);
        const answer = await this.#control(request.method ?? "GET", path, url.searchParams, body);
        respond(response, answer.status, answer.body);
        return;
      }
      await this.#serveBotApi(request, response, url);
    } catch (cause) {
      if (response.destroyed) return;
      if (cause instanceof BotApiError) respond(response, cause.errorCode, envelope(cause));
      else {
        // A defect of the emulator: told to whoever runs it, without internals for the client.
        this.#onDefect(cause);
        respond(response, 500, { ok: false, error_code: 500, description: "Internal Server Error: emulator defect" });
      }
    }
  }

  async #serveBotApi(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const route = /^\/bot([^/]+)\/(?:test\/)?([^/]+)$/.exec(decoded(url.pathname));
    if (!route) throw new BotApiError(404, "Not Found");
    const [, token, method = ""] = route;
    if (token !== this.#options.token) throw new BotApiError(401, "Unauthorized");
    if (request.method !== "POST" && request.method !== "GET") throw new BotApiError(404, "Not Found");
    const body = await readBody(request, MAX_BODY_BYTES);
    const raw = readParams(request.headers["content-type"] ?? "", body, url.searchParams);
    const isPolling = method.toLowerCase() === "getupdates";
    if (!isPolling) this.#busy += 1;
    try {
      await this.#answer(method, raw, response);
    } finally {
      if (!isPolling) this.#busy -= 1;
      this.#onChange();
    }
  }

  async #answer(method: string, raw: RawParams, response: ServerResponse): Promise<void> {
    const subject = {
      names: [method],
      userIds: [Number(raw.values.user_id)],
      chatIds: [Number(raw.values.chat_id)],
    };
    const strike = this.#faults.calls.strike(subject, ["error", "reset", "hang", "truncate", "garbage", "delay"]);
    const fault = strike?.fault;
    if (fault?.kind === "delay") await new Promise<void>((resolve) => this.#scheduler.after(fault.delayMs, resolve));
    if (!fault || fault.kind === "delay") {
      const envelope = await this.#api.call(method, raw, fault?.kind ?? null);
      respond(response, envelope.ok ? 200 : envelope.error_code, envelope);
      return;
    }
    const result = hasEffect(fault) ? await this.#api.call(method, raw, fault.kind) : null;
    if (!result) this.#api.note(method, raw, fault.kind);
    if (fault.kind === "hang") await this.#hang(strike.hold);
    spoil(response, fault, result);
  }

  /** Resolves when the rule lets go or the server closes. Hanging calls do not count as busy. */
  #hang(hold: (go: () => void) => void): Promise<void> {
    this.#busy -= 1;
    this.#onChange();
    return new Promise((resolve) => {
      const go = (): void => {
        if (!this.#releases.delete(go)) return;
        this.#busy += 1;
        resolve();
      };
      this.#releases.add(go);
      hold(go);
    });
  }
}

/** Empty when it cannot be read. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch (cause) {
    if (cause instanceof URIError) return "";
    throw cause;
  }
}

/** A browser on this machine shows pages of anybody, which may call by our name, or by one of theirs that was made to lead here. */
const isForPrograms = ({ headers }: IncomingMessage): boolean =>
  headers.origin === undefined && /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/.test(headers.host ?? "");

const hasEffect = (fault: CallFault): boolean => {
  switch (fault.kind) {
    case "error":
    case "hang":
    case "garbage":
      return fault.execute;
    case "reset":
      return fault.when === "after";
    case "truncate":
    case "delay":
      return true;
  }
};

function respond(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(text) });
  response.end(text);
}

/** Sends what the fault makes of the answer. */
function spoil(response: ServerResponse, fault: CallFault, result: unknown): void {
  switch (fault.kind) {
    case "error": {
      const words =
        fault.retryAfter === undefined ? "Internal Server Error" : `Too Many Requests: retry after ${fault.retryAfter}`;
      const parameters = fault.retryAfter === undefined ? {} : { parameters: { retry_after: fault.retryAfter } };
      const description = fault.description ?? words;
      respond(response, fault.status, { ok: false, error_code: fault.status, description, ...parameters });
      return;
    }
    case "garbage":
      response.writeHead(fault.status, { "Content-Type": "text/html" });
      response.end(fault.body);
      return;
    case "truncate": {
      const text = JSON.stringify(result);
      response.writeHead(200, { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(text) });
      response.write(text.slice(0, Math.floor(text.length / 2)), () => response.socket?.destroy());
      return;
    }
    case "reset":
    case "hang":
    case "delay":
      response.socket?.resetAndDestroy();
  }
}
