// A backend that answers what a test tells it to, over real HTTP on loopback, and remembers what it was asked.
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

export interface Reply {
  readonly status?: number;
  /** An object is sent as JSON, a string as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** `hang`: no answer. `reset`: the connection breaks. `half`: breaks within the body. `trickle`: a byte now and then, without end. */
export type Fault = "hang" | "reset" | "half" | "trickle";

export interface SeenCall {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: unknown;
}

export interface ScriptedBackend {
  readonly url: string;
  readonly calls: readonly SeenCall[];
  /** The next calls are answered so, in this order; the last one for ever. */
  answers(...replies: readonly (Reply | Fault)[]): void;
}

const BYTE_EVERY_MS = 10;

export async function startScriptedBackend(...replies: readonly (Reply | Fault)[]): Promise<ScriptedBackend> {
  const calls: SeenCall[] = [];
  const trickles = new Set<NodeJS.Timeout>();
  let script = [...replies];

  const server = createServer((request, response) => {
    void answer(request, response);
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = await readText(request);
    const { method = "", url = "", headers } = request;
    calls.push({ method, path: url, headers, body: text === "" ? null : JSON.parse(text) });
    const reply = script.length > 1 ? script.shift() : script[0];
    send(reply ?? { status: 599, body: "no answer was scripted" }, request, response);
  }

  function send(reply: Reply | Fault, request: IncomingMessage, response: ServerResponse): void {
    if (reply === "hang") return;
    if (reply === "reset") {
      request.socket.resetAndDestroy();
      return;
    }
    if (typeof reply === "string") {
      response.writeHead(200, { "content-type": "application/json" });
      response.write('{"success":');
      if (reply === "half") request.socket.end();
      else {
        const timer = setInterval(() => response.write(" "), BYTE_EVERY_MS);
        trickles.add(timer);
        response.on("close", () => clearInterval(timer));
      }
      return;
    }
    const { status = 200, body = {}, headers = {} } = reply;
    response.writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  }

  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    for (const timer of trickles) clearInterval(timer);
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    answers: (...next) => {
      script = [...next];
    },
  };
}

async function readText(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const piece of request.setEncoding("utf8")) text += piece;
  return text;
}
