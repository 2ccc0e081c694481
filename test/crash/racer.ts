// A child process that sends events to one actor as fast as it can, while another one does the same.
import { makeRedisConnections } from "../../src/redis/connect.ts";
import { makeStage } from "../support/stage.ts";
import type { RacerOptions } from "./protocol.ts";

const options = JSON.parse(process.argv[2] ?? "") as RacerOptions;

async function main(): Promise<void> {
  const connections = makeRedisConnections({ kind: "socket", path: options.socket });
  const stage = makeStage({
    client: await connections.command(),
    connect: (name) => connections.blocking(name),
    prefix: options.prefix,
  });
  process.send?.({ kind: "ready" });
  await new Promise((resolve) => process.once("message", resolve));
  const send = (number: number) => {
    const entry = `${options.name}${number}`;
    return stage.actors.send(
      "order/shared",
      { type: "book.written", entry, to: null },
      { cause: { kind: "system", id: entry }, key: entry },
    );
  };
  let isToldToEnd = false;
  process.once("message", () => {
    isToldToEnd = true;
  });
  const revisions: number[] = [];
  // A few at a time: some follow each other inside this process, some race with the other one.
  const round = async () => {
    const from = revisions.length;
    const results = await Promise.all([0, 1, 2, 3].map((offset) => send(from + offset)));
    revisions.push(...results.map(({ rev }) => rev));
  };
  while (revisions.length < options.events) await round();
  process.send?.({ kind: "enough" });
  // Goes on until the other one has had enough too, however late it began; the last round comes after that.
  while (!isToldToEnd) await round();
  await round();
  process.send?.({ kind: "done", revisions }, () => process.exit(0));
}

void main();
