// What the staff chat says to whoever asks: whole, short enough, and honest about what it leaves out.
import { beforeAll, describe, expect, it } from "vitest";
import { decisiveOf } from "../../src/bot/staff/look-up.ts";
import { planCard } from "../../src/bot/staff/plan-card.ts";
import { parseHtml } from "../../src/sandbox/telegram/text/html.ts";
import type { Plan, PlannedStep } from "../../src/support/answers/actors.ts";
import type { Evidence } from "../../src/support/answers/people.ts";
import { HOUR_MS, itStaysWhole, useScene } from "./support/scene.ts";
import { StaffChat } from "./support/staff-chat.ts";

const ALICE = { id: 7_000_000_021, name: "alice" };
const scene = useScene({ env: { STAFF_CHAT_ID: String(ALICE.id), STAFF_MEMBERS: `${ALICE.id}:alice:finance` } });
let chat: StaffChat;
beforeAll(async () => {
  chat = await StaffChat.open(scene.current, ALICE);
});
const says = (text: string) => chat.hears(ALICE, text);

describe("the menu of the staff chat", () => {
  it("is asked for at the start, and a start without it is one all the same", () => {
    const calls = scene.current.telegram.calls({ method: "setMyCommands" });
    const call = calls.find(({ params }) => JSON.stringify(params.scope).includes('"chat"'));
    expect(call?.params.scope).toEqual({ type: "chat", chat_id: ALICE.id });
    expect(JSON.stringify(call?.params.commands)).toMatch(/"who".*"tickets".*"refund"/);
    // Nobody of this id had started the bot by then.
    expect(call?.response).toMatchObject({ ok: false });
  });
});

describe("the card of a command", () => {
  it("shows states, effects, steps at others, timers and what the customer reads", async () => {
    const emil = await scene.current.newcomer();
    await emil.buysAndJoins("club-quarter");
    const said = await says(`/revoke ${emil.id} club shared the link`);
    expect(said).toMatch(/Сейчас: .*billing\.active/);
    expect(said).toMatch(/Станет: .*billing\.revoked/);
    expect(said).toMatch(/Таймеры:[\s\S]*(?:снимем|поставим)/);
    expect(said).toMatch(/Затем:[\s\S]*invite\//);
    expect(said).toContain("Клиент прочтёт:");
  });

  it("says that money goes back", async () => {
    const fay = await scene.current.newcomer();
    const charge = await fay.buys("club-quarter");
    expect(await says(`/refund ${charge} revoke asked by phone`)).toMatch(/Выполнится:[\s\S]*вернём деньги/);
  });

  const step = (n: number): PlannedStep => ({
    ...{ address: `invite/7:-100${n}`, event: "entitlement.changed", outcome: "applied", from: ["a.b"], to: ["a.c"] },
    ...{ effects: ["notifyStaff risk.raised", "invoke refundCharge", "brandNew"], timersCancelled: ["grace.<b>"] },
    timersSet: Array.from({ length: 9 }, (_, index) => ({ id: `wait${index}.a.c`, dueAt: 1_700_000_000_000 })),
  });
  it.each([1, 4])("stays within a message and valid with %i long hostile texts, and says what is left out", (texts) => {
    const plan: Plan = {
      ...{ planHash: "h", expectedSeq: 1, before: ["a.b"], after: ["a.<c>"], step: step(0), entryEffects: [] },
      follows: Array.from({ length: 40 }, (_, n) => step(n)),
      told: Array.from({ length: texts }, () => ({ notice: "n", language: "ru", text: "<b>&".repeat(300) })),
      ...{ final: true, approval: true },
    };
    const card = planCard({ event: "x", address: "y" }, plan, { timeZone: "UTC", nowMs: 1_700_000_000_000 });
    expect(() => parseHtml(card)).not.toThrow();
    expect(card.length).toBeLessThanOrEqual(3_900);
    expect(card).toMatch(texts === 1 ? /и ещё 34[\s\S]*Таймеры/ : /…$/);
    expect(card).toContain("Отменить будет нельзя");
    expect(card).toContain("второго сотрудника");
    expect(card).not.toContain("<c>");
  });
});

describe("the evidence under /why", () => {
  const link = (kind: Evidence["kind"], text: string, state: Evidence["state"] = "done"): Evidence => ({
    ...{ kind, at: 1, address: null, seq: null, text, state },
  });
  it("keeps the newest payment and what decides, in the order of the chain", () => {
    const chain = [
      link("payment", "old payment"),
      link("payment", "payment"),
      ...["e1", "e2", "e3"].flatMap((name) => [link("event", name), link("transition", `t${name}`)]),
      link("telegram", "c1", "failed"),
      link("telegram", "c2"),
      link("telegram", "c3"),
      link("membership", "member"),
    ];
    const texts = decisiveOf(chain).map(({ text }) => text);
    expect(texts).toHaveLength(7);
    expect(texts).toEqual(["payment", "e3", "te3", "c1", "c2", "c3", "member"]);
  });

  it("shows the payment and says how many links are left out", async () => {
    const gus = await scene.current.newcomer();
    const charge = await gus.buysAndJoins("club-quarter");
    expect(charge).toBeDefined();
    const said = await says(`/why ${gus.id}`);
    expect(said).toContain(String(charge));
    expect(said).toMatch(/Не показано шагов: \d+/);
  });
});

describe("/tickets", () => {
  it("begins with who has waited longest, says how many wait, and goes on", async () => {
    const waiting: number[] = [];
    for (let n = 0; n < 11; n += 1) {
      const someone = await scene.current.newcomer();
      await someone.says("/support");
      await someone.says("Anybody there?");
      waiting.push(someone.id);
      await scene.current.stage.advance(HOUR_MS);
    }
    const first = await says("/tickets");
    expect(first).toMatch(/8 из 11/);
    expect(first).toContain("/tickets 2");
    expect(first).toContain("ждёт 11 часов");
    const listedIn = (text: string) => [...text.matchAll(/, (\d+), ждёт/g)].map(([, id]) => Number(id));
    expect(listedIn(first)).toEqual(waiting.slice(0, 8));
    const second = await says("/tickets 2");
    expect(listedIn(second)).toEqual(waiting.slice(8));
    expect(second).not.toContain("/tickets 3");
    expect(await chat.feelsPress(ALICE, "v1:deskopen:2", chat.lastId())).toContain(String(waiting[10]));
    expect(await says("/tickets 9")).toContain("Страницы 9 нет");
  });
});

describe("a command on nobody", () => {
  it.each([
    ["/refund nope revoke asked by phone", "Такого платежа нет"],
    ["/extend 7999999999 club 3 sorry for that", "Никого не нашли"],
    ["/block nobody_at_all a fraud it seems", "Никого не нашли"],
    ["/release -1009999999999 3 they are right", "Такого канала нет"],
    ["/extend ID nope 3 sorry for that", "Такого продукта нет"],
    ["/extend ID club 3 sorry for that", "нет такой подписки"],
    ["/grant ID nope 3 sorry for that", "Такого тарифа"],
  ])("%s: %s", async (typed, answer) => {
    const hana = await scene.current.newcomer();
    const said = await says(typed.replace("ID", String(hana.id)));
    expect(said).toContain(answer);
    expect(said).not.toContain("В этом состоянии");
  });
});

itStaysWhole(scene);
