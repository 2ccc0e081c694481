// The sockets: on loopback only.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Reply } from "../profile.ts";
import type { Incoming, Outcome } from "./exchange.ts";
import { readBody } from "./request-body.ts";

const CONTENT_TYPE = "application/json; charset=utf-8";
export const CONTROL_PREFIX = "/__sim/";

export interface ServerParts {
  readonly host: string;
  readonly port: number;
  readonly answer: (incoming: Incoming) => Promise<Outcome>;
  /** null: there are no controls. */
  readonly control: ((incoming: Incoming, query: URLSearchParams) => Promise<Reply>) | null;
  readonly onChange: () => void;
  readonly onDefect: (cause: unknown) => void;
}

export class BackendServer {
  readonly #parts: ServerParts;
  readonly #server: Server;
  #busy = 0;

  constructor(parts: ServerParts) {
    this.#parts = parts;
    this.#server = createServer((request, response) => void this.#serve(request, response));
    this.#server.keepAliveTimeout = 30_000;
  }

  /** Calls being answered, without those that hang and without controls. */
  get busy(): number {
    return this.#busy;
  }

  /** @returns the port. */
  listen(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(this.#parts.port, this.#parts.host, () => {
        this.#server.off("error", reject);
        resolve((this.#server.address() as AddressInfo).port);
      });
    });
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  /** A wait in which the call does not count as busy. */
  async idle<T>(wait: Promise<T>): Promise<T> {
    this.#busy -= 1;
    this.#parts.onChange();
    try {
      return await wait;
    } finally {
      this.#busy += 1;
    }
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const { pathname, searchParams } = new URL(request.url ?? "/", "http://backend");
      const isControl = this.#parts.control !== null && pathname.startsWith(CONTROL_PREFIX);
      if (isControl) respond(response, await this.#control(await incomingOf(request, pathname), searchParams));
      else await this.#answer(request, response, pathname);
    } catch (cause) {
      // A request that broke off is the client's doing; anything else is a defect of the simulator.
      if (request.complete) this.#parts.onDefect(cause);
      response.socket?.destroy();
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse, pathname: string): Promise<void> {
    this.#busy += 1;
    try {
      const outcome = await this.#parts.answer(await incomingOf(request, pathname));
      if (outcome === null) response.socket?.resetAndDestroy();
      else respond(response, outcome);
    } finally {
      this.#busy -= 1;
      this.#parts.onChange();
    }
  }

  #control(incoming: Incoming, query: URLSearchParams): Promise<Reply> {
    if (this.#parts.control === null) throw new Error("no controls");
    return this.#parts.control(incoming, query);
  }
}

const incomingOf = async (request: IncomingMessage, pathname: string): Promise<Incoming> => ({
  method: request.method ?? "GET",
  path: decoded(pathname),
  headers: request.headers,
  body: await readBody(request),
});

/** A path with broken escapes is at no address. */
function decoded(pathname: string): string {
  try {
    return decodeURIComponent(pathname);
  } catch (cause) {
    if (cause instanceof URIError) return pathname;
    throw cause;
  }
}

function respond(response: ServerResponse, { status, headers, body }: Reply): void {
  if (response.destroyed) return;
  const text = JSON.stringify(body);
  response.writeHead(status, { ...headers, "Content-Type": CONTENT_TYPE, "Content-Length": Buffer.byteLength(text) });
  response.end(text);
}
