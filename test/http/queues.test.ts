import { afterEach, describe, expect, it } from "vitest";
import type { QueueInspector, SeenJob } from "../../src/queues/ports.ts";
import { JobPage, Jobs, Queues, Timers } from "../../src/support/answers/operations.ts";
import { type Office, openOffice } from "./support/office.ts";

const JOB: SeenJob = {
  ...{ id: "payment/c|2|0", name: "effect", state: "delayed", address: "payment/c", effect: "invoke refundCharge" },
  ...{ attempts: 2, at: 1, dueAt: 2, error: "effect.unavailable", data: { effectId: "payment/c|2|0" } },
};
const URL = `/api/v1/queues/outside/jobs/${encodeURIComponent(JOB.id)}`;
const COMMAND = { reason: "Telegram is back", idempotencyKey: "command-1" };
let office: Office;
const done: string[] = [];
const open = (act: QueueInspector["act"] = async (...what) => (done.push(what.join(" ")), "done")) => {
  done.length = 0;
  const counts = { waiting: 0, active: 0, delayed: 1, failed: 0, completed: 0 };
  office = openOffice({
    inspector: {
      queues: async () => [{ name: "outside", shards: 1, counts }],
      jobs: async (name) => (name === "outside" ? { jobs: [JOB], total: 1 } : null),
      job: async (_name, id) => (id === JOB.id ? JOB : null),
      act,
    },
  });
};
afterEach(() => office.server.close());

describe("the queues over HTTP", () => {
  it("are listed with their jobs, and so are the jobs", async () => {
    open();
    const all = Queues.parse((await office.get("/console/api/queues", { role: "viewer" })).json());
    expect(all.queues[0]).toMatchObject({ name: "outside", counts: { delayed: 1 } });
    expect((await office.get("/api/v1/queues/outside")).json()).toEqual(all.queues[0]);
    const jobs = Jobs.parse((await office.get("/api/v1/queues/outside/jobs?state=delayed")).json());
    expect(jobs.jobs).toMatchObject([{ id: JOB.id, address: "payment/c" }]);
    expect(JobPage.parse((await office.get(URL)).json())).toMatchObject({ queue: "outside", data: JOB.data });
  });
  it.each(["/api/v1/queues/none", "/api/v1/queues/none/jobs", "/api/v1/queues/outside/jobs/none"])(
    "are not found where there are none: %s",
    async (url) => {
      open();
      expect((await office.get(url)).json()).toMatchObject({ code: "http.notFound" });
    },
  );
  it.each([
    ["retry", "support"],
    ["promote", "support"],
    ["remove", "owner"],
  ] as const)("let a person %s a job, with a reason that is logged", async (verb, role) => {
    open();
    expect((await office.post(`${URL}/${verb}`, COMMAND, { role: "viewer" })).statusCode).toBe(403);
    expect((await office.post(`${URL}/${verb}`, { idempotencyKey: "command-1" }, { role })).statusCode).toBe(400);
    expect(done).toEqual([]);
    expect((await office.post(`${URL}/${verb}`, COMMAND, { role })).json()).toEqual({ done: true });
    expect(done).toEqual([`outside ${JOB.id} ${verb}`]);
    expect(office.log.at(-1)).toContain(`"by":"${role}-1"`);
    expect(office.log.at(-1)).toContain("Telegram is back");
  });
  it.each([
    ["wrongState", "queue.wrongState"],
    ["gone", "http.notFound"],
  ] as const)("say what stands in the way: %s", async (outcome, code) => {
    open(async () => outcome);
    expect((await office.post(`${URL}/remove`, COMMAND)).json()).toMatchObject({ code });
    expect(office.log).toEqual([]);
  });
});

describe("the timers over HTTP", () => {
  it("are listed with how late they are", async () => {
    open();
    const order = "order/o|wait";
    await office.client.zadd(
      office.keys.timers(3),
      office.clock.now() - 500,
      order,
      office.clock.now() + 500,
      "order/p|wait",
    );
    const { timers, total, late, cursor } = Timers.parse((await office.get("/console/api/timers?limit=1")).json());
    expect(timers).toEqual([{ address: "order/o", id: "wait", dueAt: office.clock.now() - 500, lateMs: 500 }]);
    expect([total, late]).toEqual([2, 1]);
    const rest = Timers.parse((await office.get(`/api/v1/timers?cursor=${encodeURIComponent(cursor ?? "")}`)).json());
    expect(rest).toMatchObject({ timers: [{ address: "order/p", lateMs: 0 }], cursor: null });
  });
});
