// A service with a life behind it: people in every state, a conversation, an approval. What the pages of the console are looked at with.
import { createHash } from "node:crypto";
import { openStage, type Stage } from "../../../src/sandbox/play/stage.ts";
import { SandboxState, type Seed } from "../../../src/support/answers/sandbox.ts";

export interface ConsoleScene {
  readonly stage: Stage;
  readonly url: string;
  /** One page of each kind, by the name of its picture. */
  readonly pages: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** After the real time, so that the frozen clock shows the same in every run. */
const BEGINS_AT = Date.UTC(2030, 0, 14, 6);
const SEEDS: readonly Seed[] = ["active", "grace", "hold", "revoked", "onboarding", "active"];

/** Of people who are not of this machine, by role; a name is `<role>-1`. */
export const TOKENS = {
  viewer: "token-of-the-viewer",
  finance: "token-of-finance",
  owner: "token-of-the-owner",
} as const;
const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** @throws Error when the sandbox does not do what it is asked for */
export async function openConsoleScene(): Promise<ConsoleScene> {
  const staff = Object.entries(TOKENS).map(([role, token]) => `${role}-1:${role}:${sha256(token)}`);
  const stage = await openStage({ env: { ADMIN_TOKENS: staff.join(",") } });
  await stage.advanceTo(BEGINS_AT);
  const sandbox = makeSandbox(stage);
  for (const seed of SEEDS) await sandbox("reset", { seed, language: "en" });
  for (const text of ["/support", "I paid, but the link to the channel does not open. What shall I do?"])
    await sandbox("do", { do: "say", text });
  await stage.settle();

  const one = async (path: string, list: string, at: 0 | -1 = 0): Promise<Record<string, unknown>> => {
    const { status, body } = await stage.api("GET", `/api/v1/${path}`);
    const found = (body as Record<string, Record<string, unknown>[]>)[list]?.at(at);
    if (!found) throw new Error(`${path} answered ${status} and nothing in ${list}`);
    return found;
  };
  const ticket = await one("tickets?state=open", "tickets");
  const subscription = await one("actors-table?machine=subscription&state=billing.pastDue", "actors");
  const customer = subscription.customer as { readonly userId: number };
  const active = await one("actors-table?machine=subscription&state=billing.active", "actors");
  await delayAnEffect(stage, String(active.id));
  const job = await one("queues/outside/jobs?state=delayed", "jobs");
  const actor = `/console/actors/subscription/${encodeURIComponent(String(subscription.id))}`;

  return {
    stage,
    url: stage.app.url,
    pages: {
      overview: "/console",
      actors: "/console/actors?machine=subscription",
      actor,
      past: `${actor}/events/3`,
      send: `${actor}/send?event=access.revoked`,
      customer: `/console/customers/${customer.userId}`,
      search: "/console/search?q=nobody",
      tickets: "/console/tickets",
      ticket: `/console/tickets/${encodeURIComponent(String(ticket.id))}`,
      timers: "/console/timers",
      queues: "/console/queues",
      queue: "/console/queues/outside?state=delayed",
      job: `/console/queues/outside/jobs/${encodeURIComponent(String(job.id))}`,
      audit: `/console/audit?address=${encodeURIComponent(String(subscription.address))}`,
      parity: "/console/parity",
      approvals: "/console/approvals",
      drift: "/console/drift",
      bulk: "/console/bulk?machine=subscription&state=billing.active.term",
      ledger: "/console/ledger",
      charts: "/console/charts",
      chart: "/console/charts/ticket",
    },
    close: () => stage.close(),
  };
}

/**
 * Telegram asks for an hour's patience once: one message stays a job for as long as the pages are looked at.
 * @param id of a subscription
 */
async function delayAnEffect(stage: Stage, id: string): Promise<void> {
  const fault = { kind: "error", status: 429, retryAfter: 3_600 } as const;
  stage.emulator.faults.onCall({ method: "sendMessage", chatId: Number(id.split(":")[0]), times: 1, fault });
  const { status, text } = await stage.api("POST", `/api/v1/actors/subscription/${encodeURIComponent(id)}/events`, {
    event: { type: "term.extended", ms: 86_400_000 },
    reason: "an outage yesterday",
    idempotencyKey: "console-scene",
  });
  if (status !== 200) throw new Error(`${status}: ${text}`);
  await stage.settle();
}

/** A machine that is busy with other things takes its time. Unit: milliseconds. */
const PATIENCE_MS = 60_000;
const LOOK_AGAIN_MS = 50;

const makeSandbox = (stage: Stage) => {
  const call = async (path: string, init?: RequestInit): Promise<SandboxState> => {
    const response = await fetch(`${stage.app.url}/sandbox/api/${path}`, init);
    if (!response.ok) throw new Error(`the sandbox answered ${response.status}: ${await response.text()}`);
    return SandboxState.parse(await response.json());
  };
  return async (path: "reset" | "do", body: unknown): Promise<void> => {
    const headers = { "content-type": "application/json", "x-requested-with": "test" };
    await call(path, { method: "POST", headers, body: JSON.stringify(body) });
    // What takes longer than the page's patience is answered with 202 and goes on: what is asked for next would wait behind it, unseen.
    const deadline = performance.now() + PATIENCE_MS;
    let state = await call("state");
    for (; state.clock.status === "moving"; state = await call("state")) {
      if (performance.now() > deadline) throw new Error(`the sandbox still does ${state.clock.doing}`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    }
    const { trouble } = state;
    if (trouble) throw new Error(`${path} ${JSON.stringify(body)}: ${trouble.text}`);
    await stage.settle();
  };
};
