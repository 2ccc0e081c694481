// The page, and its own API below /sandbox/api: only in the sandbox, and only for pages and programs of this machine.
import { join } from "node:path";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { AppError } from "../../errors.ts";
import { isOfThisMachine } from "../../http/caller.ts";
import type { SendPage } from "../../http/pages.ts";
import { parsed } from "../../http/parse-request.ts";
import { Deed, Press, Reset, Scenario } from "../../support/answers/sandbox.ts";
import { Desk } from "./desk.ts";
import { streamStates } from "./stream.ts";
import type { SandboxWorld } from "./world.ts";

/** What takes longer is answered with 202, and the state says when it is done. Unit: milliseconds. */
const PATIENCE_MS = 2_500;
const PAGE = "/sandbox";
/** A scenario of a whole sitting. Unit: bytes. */
const MAX_BODY = 262_144;

export interface SandboxPageDeps {
  readonly world: Omit<SandboxWorld, "plans">;
  readonly plansFile: string;
  /** Where another plans file may be written. */
  readonly dataDir: string;
  readonly sendPage: SendPage;
}

export function registerSandboxPage(
  server: FastifyInstance,
  { world, plansFile, dataDir, sendPage }: SandboxPageDeps,
): void {
  const plans = { file: plansFile, changedFile: join(dataDir, "sandbox-changed-plans.yaml") };
  const desk = new Desk({ ...world, plans });
  const streams = new Set<() => void>();
  server.addHook("preClose", async () => {
    desk.close();
    for (const end of [...streams]) end();
  });
  const onRequest = async (request: FastifyRequest) => {
    if (!isOfThisMachine(request)) throw new AppError("http.unauthorized");
    // What changes something is guarded as the rest of the server is; here what a page of another site would only read.
    const site = request.headers["sec-fetch-site"];
    const isPage = request.routeOptions.url === PAGE;
    if (!isPage && site !== undefined && site !== "same-origin" && site !== "none")
      throw new AppError("http.otherSite");
  };
  const answer = async (reply: FastifyReply, done: Promise<void>) => {
    const impatience = new Promise<"moving">((resolve) => {
      const timer = setTimeout(() => resolve("moving"), PATIENCE_MS);
      void done.then(() => clearTimeout(timer));
    });
    const isDone = (await Promise.race([done.then(() => "done" as const), impatience])) === "done";
    return reply.code(isDone ? 200 : 202).send(await desk.state());
  };
  const options = { onRequest, bodyLimit: MAX_BODY };

  server.get(PAGE, { onRequest }, (request, reply) => sendPage(request, reply, "sandbox"));
  server.get("/sandbox/api/state", options, () => desk.state());
  server.get("/sandbox/api/live", options, (request, reply) => streamStates(desk, streams, request, reply));
  server.post("/sandbox/api/do", options, (request, reply) => answer(reply, desk.do(parsed(Deed, request.body))));
  server.post("/sandbox/api/press", options, (request, reply) =>
    answer(reply, desk.press(parsed(Press, request.body))),
  );
  server.post("/sandbox/api/reset", options, (request, reply) => {
    const { seed, language } = parsed(Reset, request.body ?? {});
    return answer(reply, desk.reset(seed, language));
  });
  server.get("/sandbox/api/scenario", options, async () => desk.scenario());
  server.post("/sandbox/api/scenario", options, (request, reply) =>
    answer(reply, desk.replay(parsed(Scenario, request.body))),
  );
}
