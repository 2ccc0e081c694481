import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, inject, it, onTestFinished } from "vitest";
import type { BookContext } from "../support/book.ts";
import { freshPrefix, testRedis } from "../support/redis.ts";
import { makeStage } from "../support/stage.ts";
import { bundle } from "./child.ts";
import type { RacerOptions } from "./protocol.ts";

type Message =
  | { readonly kind: "ready" }
  | { readonly kind: "enough" }
  | { readonly kind: "done"; readonly revisions: readonly number[] };

const EVENTS = 200;

const next = <K extends Message["kind"]>(child: ChildProcess, kind: K) =>
  new Promise<Extract<Message, { kind: K }>>((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`the child ended with ${code} before it was ${kind}`)));
    child.on("message", (message: Message) => {
      if (message.kind === kind) resolve(message as Extract<Message, { kind: K }>);
    });
  });

describe("two processes that write to one actor at the same time", () => {
  it("bring their events into one order, and lose none", async () => {
    const directory = mkdtempSync(join(tmpdir(), "tgs-race-"));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    const file = bundle("racer.ts", directory);
    const prefix = freshPrefix();
    const children = ["x", "y"].map((name) => {
      const options: RacerOptions = { socket: inject("redisSocket"), prefix, name, events: EVENTS };
      const child = spawn(process.execPath, [file, JSON.stringify(options)], {
        stdio: ["ignore", "inherit", "inherit", "ipc"],
      });
      onTestFinished(() => void child.kill("SIGKILL"));
      return { child, exited: new Promise((resolve) => child.once("exit", resolve)) };
    });
    await Promise.all(children.map(({ child }) => next(child, "ready")));
    const hadEnough = children.map(({ child }) => next(child, "enough"));
    const finished = children.map(({ child }) => next(child, "done"));
    for (const { child } of children) child.send("go");
    await Promise.all(hadEnough);
    for (const { child } of children) child.send("end");
    const [ours = { revisions: [] }, theirs = { revisions: [] }] = await Promise.all(finished);
    await Promise.all(children.map(({ exited }) => exited));

    const all = [...ours.revisions, ...theirs.revisions].sort((a, b) => a - b);
    expect(all.length).toBeGreaterThan(2 * EVENTS);
    expect(all).toEqual(all.map((_, index) => index + 1));
    // They did race: neither had a stretch of revisions to itself from its first to its last event.
    expect(Math.max(...ours.revisions)).toBeGreaterThan(Math.min(...theirs.revisions));
    expect(Math.max(...theirs.revisions)).toBeGreaterThan(Math.min(...ours.revisions));

    const stage = makeStage({ client: testRedis(), connect: () => testRedis(), prefix });
    onTestFinished(() => stage.stop());
    const context = (await stage.actors.read("order/shared"))?.context as unknown as BookContext;
    const expected = [ours, theirs].flatMap(({ revisions }, index) =>
      revisions.map((_, number) => `${index === 0 ? "x" : "y"}${number}`),
    );
    expect([...context.entries].sort()).toEqual(expected.sort());
    expect(await stage.actors.verify("order/shared")).toMatchObject({ ok: true, entries: all.length });
  }, 30_000);
});
