// Drills: what the runbooks say is done, word for word, while it goes wrong; in the end it is as they say.
import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { addressOf } from "../../machines/address.ts";
import { CHATS } from "../journeys/support/plans.ts";
import { DAY_MS, HOUR_MS, itStaysWhole, useScene } from "../journeys/support/scene.ts";
import type { Subscriber } from "../journeys/support/subscriber.ts";
import { readCases, readRules } from "../monitoring/read-monitoring.ts";
import { freePort } from "../support/free-port.ts";
import { ADMIN_TOKENS, Host } from "./support/host.ts";

const POLICIES = "{ removalBreaker: { perHour: 2, percent: 100 } }";
const scene = useScene({ env: { PORT: String(await freePort()), ADMIN_TOKENS }, plans: { policies: POLICIES } });
const PAGES = ["paid-no-access", "webhook-unavailable", "bot-rights", "mass-expiry", "parity-drift"];

const host = new Host(() => scene.current, {
  "compose logs": async () => "the last lines",
  "compose up --detach --wait": async () => "",
  "compose restart app": async () => {
    await scene.current.stage.restart();
    return "";
  },
  "compose kill --signal SIGHUP app": async () => {
    expect(await scene.current.stage.app.reloadPlans()).toMatchObject({ ok: true });
    return "";
  },
});
beforeAll(() => host.open());
afterAll(() => host.close());

let anna: Subscriber;
beforeEach(async () => {
  anna = await scene.current.newcomer();
});

const fragile = () => scene.current.telegram.channels.get(CHATS.fragile);
const states = async (chatId: number) => (await scene.current.channel(chatId))?.states ?? [];
async function sweeps(ms = 0): Promise<void> {
  await scene.current.stage.advance(ms);
  for (let turns = 0; turns < 2; turns += 1) await scene.current.stage.app.core.clockWorker.sweep();
  await scene.current.stage.settle();
}
const NOTHING_OPEN = { drifts: [] };

describe("paid, but no access", () => {
  it("of whom no update told is found, gets in, and gets another link when the first one ran out", async () => {
    await anna.chooses("club-month");
    scene.current.telegram.faults.onDelivery({
      userId: anna.id,
      updateType: "successful_payment",
      times: 1,
      fault: { kind: "drop" },
    });
    await anna.pays();
    await scene.current.stage.advance(2 * 60_000);
    const person = { CUSTOMER: anna.id, CHAT: CHATS.club };
    const look = await host.does("paid-no-access", "look", person);
    expect(look.json[0]).toMatchObject({
      chats: [{ problem: null, summary: expect.stringContaining("checkout is open") }],
    });
    const { json } = await host.does("paid-no-access", "compare", person);
    expect(json).toMatchObject([{ dryRun: true, drifts: [{ kind: "paidNoActor" }] }, { dryRun: false }]);
    await sweeps();
    expect(await anna.billing()).toMatch(/^active/);
    await scene.current.stage.advance(HOUR_MS + 60_000);
    expect(await anna.inviteState()).not.toBe("linkIssued");
    expect((await host.does("paid-no-access", "look", person)).json[0]).toMatchObject({
      chats: [{ problem: "paidNoAccess" }],
    });
    expect((await host.does("paid-no-access", "link", person)).json).toMatchObject([{ outcome: "applied" }]);
    await scene.current.stage.settle();
    await anna.joins();
    expect(anna.isIn()).toBe(true);
    expect((await host.does("paid-no-access", "look", person)).json[0]).toMatchObject({ chats: [{ problem: null }] });
    await sweeps(11_000);
    expect((await host.does("paid-no-access", "over")).json).toMatchObject([NOTHING_OPEN, NOTHING_OPEN, NOTHING_OPEN]);
  });

  it("who paid for something that nobody knows of any more has it accepted", async () => {
    const paid = await anna.person.payForged({
      ...{ payload: `lost-${anna.id}`, currency: "XTR", totalAmount: 500, skipCheckout: true },
    });
    await scene.current.stage.settle();
    if (paid.kind !== "paid") throw new Error(paid.kind);
    const { json } = await host.does("paid-no-access", "accept", {
      ...{ CUSTOMER: anna.id, CHARGE: encodeURIComponent(paid.chargeId), PLAN: "club-month" },
    });
    expect(json).toMatchObject([{ outcome: "applied" }]);
    await scene.current.stage.settle();
    expect((await anna.payment(paid.chargeId)).state).toMatch(/^applied/);
  });

  it("who paid for something that was not on offer gets the money back", async () => {
    const paid = await anna.person.payForged({
      ...{ payload: `nothing-${anna.id}`, currency: "XTR", totalAmount: 500, skipCheckout: true },
    });
    await scene.current.stage.settle();
    if (paid.kind !== "paid") throw new Error(paid.kind);
    const { json } = await host.does("paid-no-access", "refund", {
      CUSTOMER: anna.id,
      CHARGE: encodeURIComponent(paid.chargeId),
    });
    expect(json).toMatchObject([{ outcome: "applied" }]);
    await scene.current.settleRetries();
    expect((await anna.payment(paid.chargeId)).state).toMatch(/^refunded/);
  });

  it("more people in a chat than are known are accepted by whoever knows them", async () => {
    const round = () => sweeps(6 * 60_000);
    for (let rounds = 0; rounds < 2; rounds += 1) await round();
    scene.current.telegram.faults.onDelivery({
      ...{ userId: anna.id, updateType: "chat_member", times: 1, fault: { kind: "drop" } },
    });
    scene.current.telegram.channels.get(CHATS.once).adminAdds(anna.person);
    for (let rounds = 0; rounds < 2; rounds += 1) await round();
    const { json } = await host.does("paid-no-access", "guests", { CHAT: CHATS.once });
    expect(json).toMatchObject([{ drifts: [{ evidence: { from: "count" } }] }, { outcome: "applied" }]);
    await sweeps(11_000);
    const { body } = await scene.current.stage.api("GET", "/api/v1/drift?kind=unknownMember");
    expect(body).toMatchObject(NOTHING_OPEN);
  });

  it("what was given up is tried again", async () => {
    const { failed } = scene.current.stage.app.core;
    expect(await failed.list()).toEqual([]);
    scene.current.telegram.faults.onCall({
      chatId: anna.id,
      fault: { kind: "error", status: 400, description: "Bad Request: unheard of" },
    });
    await scene.current.staff(anna.subscriptionAt(), { type: "term.granted", ms: DAY_MS, terms: await termsOfClub() });
    const given = await failed.list();
    expect(given.length).toBeGreaterThan(0);
    scene.current.telegram.faults.clear();
    for (const { effectId } of given) {
      const { json } = await host.does("paid-no-access", "retry", { EFFECT: encodeURIComponent(effectId) });
      expect(json[1]).not.toHaveProperty("code");
    }
    await scene.current.settleRetries();
    expect(await failed.list()).toEqual([]);
  });
});

async function termsOfClub(): Promise<unknown> {
  const { body } = await scene.current.stage.api("GET", "/api/v1/plans");
  return (body as { plans: { code: string; terms: unknown }[] }).plans.find(({ code }) => code === "club-month")?.terms;
}

describe("the webhook is unavailable", () => {
  it("because it leads elsewhere: seen at Telegram, registered again, and what waited is handled", async () => {
    const { telegram } = scene.current;
    const elsewhere = `${telegram.apiRoot}/bot${telegram.token}/setWebhook?url=http://127.0.0.1:9/telegram/webhook`;
    expect(await (await fetch(elsewhere)).json()).toMatchObject({ ok: true });
    const seen = anna.texts().length;
    anna.person.send("/start plans");
    await expect.poll(() => telegram.deliveries().at(-1)?.outcome).toBe("failed");
    const look = await host.does("webhook-unavailable", "look");
    expect(look.json).toMatchObject([
      { status: "ready" },
      {
        result: {
          url: "http://127.0.0.1:9/telegram/webhook",
          pending_update_count: 1,
          last_error_message: expect.any(String),
        },
      },
    ]);
    await host.does("webhook-unavailable", "start");
    const door = await host.does("webhook-unavailable", "door", {
      WEBHOOK_URL: `${scene.current.stage.app.url}/telegram/webhook`,
    });
    expect(door.lines).toEqual(["401"]);
    await host.does("webhook-unavailable", "register");
    await scene.current.settleRetries();
    expect(anna.texts().length).toBeGreaterThan(seen);
    expect((await host.does("webhook-unavailable", "look")).json[1]).toMatchObject({
      result: { url: `${scene.current.stage.app.url}/telegram/webhook`, pending_update_count: 0 },
    });
    const over = await host.does("webhook-unavailable", "over");
    expect(over.lines).toContainEqual(expect.stringMatching(/^tg_updates_total\{.*\} [1-9]/));
    expect(over.lines).toContainEqual(expect.stringMatching(/^tg_oldest_wait_seconds \d(?:\.\d+)?$/));
  });
});

describe("the bot lost rights", () => {
  it("is seen with the right that is missing; when it is back, time is given back and removals go on", async () => {
    await anna.buysAndJoins("fragile-quarter");
    const until = await anna.paidUntil("fragile");
    const leavers: Subscriber[] = [];
    for (let count = 0; count < 3; count += 1) {
      const someone = await scene.current.newcomer();
      await someone.buysAndJoins("fragile-month");
      leavers.push(someone);
    }
    fragile().setBotRights({ can_restrict_members: false });
    await scene.current.stage.settle();
    const vars = { CHAT: CHATS.fragile };
    const [degraded, lost, channel] = (await host.does("bot-rights", "look", vars)).json;
    expect([degraded, lost]).toMatchObject([{ actors: [`channel/${CHATS.fragile}`] }, { actors: [] }]);
    expect(JSON.stringify(channel)).toContain("canRestrict");
    for (const someone of leavers)
      await scene.current.staff(someone.subscriptionAt("fragile"), {
        type: "access.revoked",
        by: "-",
        reason: "they are due",
      });
    await scene.current.stage.advance(HOUR_MS);
    expect(leavers.every((someone) => someone.isIn("fragile"))).toBe(true);

    fragile().setBotRights({ can_restrict_members: true });
    await scene.current.settleRetries();
    expect(await states(CHATS.fragile)).toContain("removals.held");
    const held = (await scene.current.channel(CHATS.fragile))?.context.heldCount as number;
    const { json } = await host.does("bot-rights", "release", { ...vars, HELD: held });
    expect(json).toMatchObject([{ actors: [`channel/${CHATS.fragile}`] }, { outcome: "applied" }]);
    await scene.current.settleRetries();
    expect(leavers.some((someone) => someone.isIn("fragile"))).toBe(false);
    expect((await anna.paidUntil("fragile")) - until).toBeGreaterThan(HOUR_MS - 60_000);
    const after = (await host.does("bot-rights", "look", vars)).json;
    expect(after).toMatchObject([
      { actors: [] },
      { actors: [] },
      { states: expect.arrayContaining(["removals.flowing"]) },
    ]);
    const { entries } = (
      await scene.current.stage.api("GET", `/api/v1/audit?address=${anna.subscriptionAt("fragile")}`)
    ).body as { entries: { event: { type: string } }[] };
    expect(entries.map(({ event }) => event.type)).toContain("channel.recovered");
  });

  it("and will not get them back: the channel is given up, time runs again", async () => {
    await anna.buysAndJoins("fragile-quarter");
    fragile().removeBot({ ban: true });
    await scene.current.stage.settle();
    expect((await anna.subscription("fragile")).stoppedFor).not.toEqual([]);
    expect((await host.does("bot-rights", "give-up", { CHAT: CHATS.fragile })).json).toMatchObject([
      { outcome: "applied" },
    ]);
    await scene.current.stage.settle();
    expect((await anna.subscription("fragile")).stoppedFor).toEqual([]);
    fragile().setBotRights({ can_restrict_members: true, can_invite_users: true });
    await scene.current.settleRetries();
    expect((await states(CHATS.fragile)).join()).toMatch(/health\.healthy/);
  });
});

describe("many subscriptions end", () => {
  it("removals are slowed down, time is given back once, and what is right is released", async () => {
    const boris = await scene.current.newcomer();
    const clara = await scene.current.newcomer();
    for (const someone of [anna, boris, clara]) await someone.buysAndJoins("club-quarter");
    expect((await host.does("mass-expiry", "look")).lines.length).toBeGreaterThan(2);

    const file = scene.current.plansPath;
    const before = readFileSync(file, "utf8");
    writeFileSync(file, before.replace(POLICIES, "{ removalBreaker: { perHour: 1, percent: 1 } }"));
    await host.does("mass-expiry", "hold");
    for (const someone of [boris, clara])
      await scene.current.staff(someone.subscriptionAt(), { type: "access.revoked", by: "-", reason: "by mistake" });
    expect([boris, clara].filter((someone) => someone.isIn())).toHaveLength(1);
    expect(await states(CHATS.club)).toContain("removals.held");

    expect((await host.does("mass-expiry", "compare")).json).toMatchObject([{ drifts: [] }, { dryRun: false }]);
    const until = await anna.paidUntil();
    const now = scene.current.now();
    const outage = { NAME: `drill-${anna.id}`, PRODUCT: "club", FROM: now - HOUR_MS, TO: now, MS: DAY_MS };
    const [plan] = (await host.does("mass-expiry", "credit", outage)).json as { planHash: string; count: number }[];
    const confirmed = { ...outage, PLAN: plan?.planHash ?? "", COUNT: plan?.count ?? 0 };
    for (let times = 0; times < 2; times += 1) await host.does("mass-expiry", "credit-send", confirmed);
    await scene.current.stage.settle();
    expect(await anna.paidUntil()).toBe(until + DAY_MS);

    writeFileSync(file, before);
    await host.does("mass-expiry", "hold");
    const HELD = (await scene.current.channel(CHATS.club))?.context.heldCount as number;
    expect((await host.does("mass-expiry", "release", { CHAT: CHATS.club, HELD })).json).toMatchObject([
      { outcome: "applied" },
    ]);
    await scene.current.settleRetries();
    expect([anna, boris, clara].map((someone) => someone.isIn())).toEqual([true, false, false]);
    expect((await host.does("mass-expiry", "over")).json).toMatchObject([{ actors: [] }, NOTHING_OPEN]);
  });
});

describe("parity drift", () => {
  const SPREADSHEET = "1ParityDriftSpreadsheetOfTheDrillAbCdEfGhIjKl";

  it("has rules that fire, and a page that says when no day was judged yet", async () => {
    for (const alert of [
      "ParityDrop",
      "ParityFalls",
      "ParityFallbacks",
      "ServedUnverified",
      "CollectionBehind",
      "FreezeUnfinished",
    ]) {
      const rule = readRules().find((one) => one.alert === alert);
      expect(rule?.annotations?.runbook).toBe("docs/runbooks/parity-drift.md");
      expect(readCases()).toContainEqual({ alert, fires: true });
    }
    const look = await host.does("parity-drift", "look");
    expect(look.lines[0]).toBe("nothing is compared");
    expect((await host.does("parity-drift", "backend")).json).toHaveLength(3);
    const { lines } = await host.does("parity-drift", "collection");
    expect(lines).toContain('slice_write_refused_total{dataset="checklist"} 0');
    expect(lines).toContain('collector_runs_total{result="missed"} 0');
  });

  it("is held off a spreadsheet by a pin, which is told to the backend and ends by itself", async () => {
    const { actors } = scene.current.stage.app.core;
    const address = addressOf.dataset("checklist", SPREADSHEET);
    const cause = { kind: "system", id: "drill" } as const;
    await actors.send(address, { type: "dataset.opened", firstDay: "2026-11-22", side: "local" }, { cause });
    const [list, page] = (await host.does("parity-drift", "scope", { SPREADSHEET })).json;
    expect(list).toMatchObject({ datasets: [{ spreadsheetId: SPREADSHEET, state: "autonomous", side: "local" }] });
    expect(page).toMatchObject({ from: "2026-11-22", days: [] });
    const [corrections] = (await host.does("parity-drift", "calibration", { SPREADSHEET })).json;
    expect(corrections).toMatchObject({ live: null, runs: [] });
    const UNTIL = scene.current.now() + DAY_MS;
    expect((await host.does("parity-drift", "pin", { SPREADSHEET, UNTIL })).json).toMatchObject([
      { outcome: "applied" },
    ]);
    await scene.current.settleRetries();
    const pinned = await actors.read(address);
    expect(pinned?.context).toMatchObject({ gate: { side: "upstream" }, decision: { reason: "pinned" } });
    await scene.current.stage.advance(DAY_MS);
    expect((await actors.read(address))?.context.pin).toBeNull();
  });
});

it("leaves no step of these pages untried", () => host.expectAllDone(PAGES));

itStaysWhole(scene);
