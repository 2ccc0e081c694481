// A switch of the gate is carried out at the product backend: once, whatever happens to the answer.
import { describe, expect, it } from "vitest";
import { addressOf } from "../../machines/address.ts";
import { GATE_DEFAULTS } from "../../machines/dataset/gate.ts";
import type { DatasetContext } from "../../machines/dataset/types.ts";
import { CustomerPage } from "../../src/support/answers/people.ts";
import { CAUSE } from "../support/actors.ts";
import { type Connector, customer } from "./support/connecting.ts";
import { itStaysWhole, useScene } from "./support/scene.ts";

const SOURCE = "/api/admin/datasets/source";
const SETTINGS = { ...GATE_DEFAULTS, enterDays: 1, minDwellDays: 0, requireCompleteness: null };
const scene = useScene();
const product = () => scene.current.stage.product;

async function connected(): Promise<Connector> {
  const anna = await (await customer(scene.current, { user: { languageCode: "en" } })).opens();
  return anna.answers();
}

const gateOf = ({ sheet }: Connector) => addressOf.dataset("checklist", sheet);

/** A day is judged, and the backend hears what follows from it. */
async function judge(anna: Connector, date: string, verdict: "pass" | "fail"): Promise<void> {
  const { actors } = scene.current.stage.app.core;
  await actors.send(gateOf(anna), { type: "dataset.opened", firstDay: date, side: "upstream" }, { cause: CAUSE });
  await actors.send(
    gateOf(anna),
    {
      type: "dataset.dayJudged",
      ...{ date, verdict, status: "ok", asofSkew: false, numericExactRatio: 0.95, windowDays: 1, tiers: {} },
      ...{ completeness: null, evidence: { paramsHash: "p", slices: [] }, settings: SETTINGS },
    },
    { cause: CAUSE, key: `judged ${date}` },
  );
  await scene.current.stage.settle();
}

async function decisionOf(anna: Connector) {
  const view = await scene.current.stage.read(gateOf(anna));
  return (view?.context as unknown as DatasetContext | undefined)?.decision;
}

describe("a decision of the gate", () => {
  it("is told to the backend, with its reason and a key that is its own", async () => {
    const anna = await connected();
    await judge(anna, "2026-11-20", "pass");
    expect(await decisionOf(anna)).toMatchObject({ side: "local", reason: "entered", applied: true });
    const [call] = anna.calls(SOURCE);
    expect(call).toMatchObject({
      idempotency_key: `gate:checklist:${anna.sheet}:2026-11-20:1`,
      body: { spreadsheet_id: anna.sheet, dataset: "checklist", source: "local", reason: "entered" },
    });
    await judge(anna, "2026-11-21", "fail");
    expect(await decisionOf(anna)).toMatchObject({ side: "upstream", reason: "fail", applied: true });
    expect(anna.effects()).toMatchObject({ source_decided: 2 });
  });

  it("whose answer is lost is carried out once", async () => {
    const anna = await connected();
    product().faults.add({ path: SOURCE, times: 1, fault: { lose_answer: true } });
    await judge(anna, "2026-11-20", "pass");
    await scene.current.settleRetries();
    const [lost, again, ...more] = anna.calls(SOURCE);
    expect(lost).toMatchObject({ fault: "lose_answer", status: null });
    expect(again?.idempotency_key).toBe(lost?.idempotency_key);
    expect(more).toEqual([]);
    expect(anna.effects()).toMatchObject({ source_decided: 1 });
    expect(await decisionOf(anna)).toMatchObject({ applied: true, problem: null });
  });

  it("is told at once while the reference is in trouble: reads of it hold up nothing else", async () => {
    const anna = await connected();
    const path = "/api/ss/datasets/data";
    product().faults.add({ path, times: 1_000, fault: { status: 502, code: "upstream_error" } });
    const rows = `/api/v1/datasets/${anna.sheet}/checklist/rows?from=2026-11-20&to=2026-11-20&source=upstream`;
    for (let read = 0; read < 7; read += 1) expect((await scene.current.stage.api("GET", rows)).status).toBe(503);
    await judge(anna, "2026-11-20", "pass");
    expect(await decisionOf(anna)).toMatchObject({ side: "local", applied: true });
    product().faults.clear();
  });

  it("that a backend has no call for is on record as not applied; what is served here follows it all the same", async () => {
    const anna = await connected();
    product().faults.add({ path: SOURCE, times: 1, fault: { status: 404, code: "not_found" } });
    await judge(anna, "2026-11-20", "pass");
    expect(await decisionOf(anna)).toMatchObject({ side: "local", applied: false, problem: "unsupported" });
    const view = await scene.current.stage.read(gateOf(anna));
    expect(view?.states).toContain("gate.autonomous");
  });
});

describe("what the plan promises", () => {
  it("is on the customer's page, with what became of it", async () => {
    const anna = await connected();
    const { body } = await scene.current.stage.api("GET", `/api/v1/customers/${anna.someone.id}`);
    expect(CustomerPage.parse(body).sla).toMatchObject([
      {
        ...{ product: "suite", plan: "suite-month" },
        measures: [
          { what: "ready", limit: 60, unit: "minutes", isBreached: false },
          // Nothing is collected in this story.
          { what: "refresh", limit: 6, unit: "hours", measured: null, isBreached: null },
        ],
      },
    ]);
  });
});

itStaysWhole(scene);
