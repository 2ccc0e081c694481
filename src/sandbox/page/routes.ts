// The page, and its own API below /sandbox/api: only in the sandbox, and only for pages and programs of this machine. From elsewhere, which a
// container's own host is too, for an owner who signed in to the console.
import { join } from "node:path";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { AppError, isAppError } from "../../errors.ts";
import { isOfThisMachine } from "../../http/caller.ts";
import { parsed } from "../../http/parse-request.ts";
import type { Premises } from "../../http/premises.ts";
import { Deed, Press, Reset, Scenario } from "../../support/answers/sandbox.ts";
import { Desk } from "./desk.ts";
import { streamStates } from "./stream.ts";
import type { SandboxWorld } from "./world.ts";

/** What takes longer is answered with 202, and the state says when it is done. Unit: milliseconds. */
const PATIENCE_MS = 2_500;
const PAGE = "/sandbox";
/** A scenario of a whole sitting. Unit: bytes. */
const MAX_BODY = 262_144;

export interface SandboxPageDeps extends Premises {
  readonly world: Omit<SandboxWorld, "plans">;
  readonly plansFile: string;
  /** Where another plans file may be written. */
  readonly dataDir: string;
}

export function registerSandboxPage(
  server: FastifyInstance,
  { world, plansFile, dataDir, door, sendPage }: SandboxPageDeps,
): void {
  const plans = { file: plansFile, changedFile: join(dataDir, "sandbox-changed-plans.yaml") };
  const desk = new Desk({ ...world, plans });
  const streams = new Set<() => void>();
  server.addHook("preClose", async () => {
    desk.close();
    for (const end of [...streams]) end();
  });
  const atLeastOwner = door.atLeast("owner");
  const isOwner = (request: FastifyRequest) =>
    atLeastOwner(request).then(
      () => true,
      (error: unknown) => {
        if (isAppError(error)) return false;
        throw error;
      },
    );
  const onRequest = async (request: FastifyRequest) => {
    if (!isOfThisMachine(request)) await atLeastOwner(request);
    // What changes something is guarded as the rest of the server is; here what a page of another site would only read.
    const site = request.headers["sec-fetch-site"];
    if (site !== undefined && site !== "same-origin" && site !== "none") throw new AppError("http.otherSite");
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

  // A person reads this, in a browser: the console says how to come in, and leads here from there.
  server.get(PAGE, async (request, reply) =>
    isOfThisMachine(request) || (await isOwner(request))
      ? sendPage(request, reply, "sandbox")
      : reply.redirect("/console"),
  );
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
