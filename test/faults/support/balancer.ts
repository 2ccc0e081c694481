// What stands before the processes of the service: each request goes to the next one that lives.
import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A process that stands still takes connections and answers nothing; Telegram itself would wait a minute. Unit: milliseconds. */
const PATIENCE_MS = 10_000;

export class Balancer {
  readonly #server: Server;
  #targets: string[] = [];
  #turn = 0;
  /** How often each status was answered; 502 stands for nobody there. */
  readonly answers = new Map<number, number>();

  /** @param onAnswer Told of each answer and how long it took. Unit: milliseconds. */
  constructor(onAnswer: (status: number, afterMs: number) => void = () => {}) {
    this.#server = createServer((incoming, outgoing) => {
      const from = performance.now();
      const answer = (status: number): void => {
        this.answers.set(status, (this.answers.get(status) ?? 0) + 1);
        onAnswer(status, performance.now() - from);
        outgoing.statusCode = status;
      };
      const nobody = (): void => {
        if (outgoing.headersSent) return void outgoing.destroy();
        answer(502);
        outgoing.end("Bad Gateway");
      };
      const target = this.#targets[this.#turn++ % Math.max(1, this.#targets.length)];
      if (target === undefined) {
        incoming.resume();
        return nobody();
      }
      const onward = request(
        new URL(incoming.url ?? "/", target),
        { method: incoming.method ?? "GET", headers: incoming.headers },
        (reply) => {
          answer(reply.statusCode ?? 502);
          reply.on("error", () => outgoing.destroy());
          reply.pipe(outgoing);
        },
      );
      onward.setTimeout(PATIENCE_MS, () => onward.destroy(new Error("no answer in time")));
      onward.on("error", nobody);
      incoming.on("error", () => onward.destroy());
      incoming.pipe(onward);
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((done) => this.#server.listen(0, "127.0.0.1", done));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  lead(targets: readonly string[]): void {
    this.#targets = [...targets];
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }
}
