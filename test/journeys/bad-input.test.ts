// Everything that nobody should send: a clear sentence to the person, nothing changed, and the next one is served.
import { describe, expect, it } from "vitest";
import { addressOf } from "../../machines/address.ts";
import { problemOf } from "../../src/http/problem.ts";
import { Problem } from "../../src/support/answers/operations.ts";
import { HOUR_MS, itStaysWhole, useScene } from "./support/scene.ts";
import type { Subscriber } from "./support/subscriber.ts";

const scene = useScene({ plans: { policies: "{ maxInvoicesPerHour: 4 }" } });

const SECRET_HEADER = "x-telegram-bot-api-secret-token";

async function post(body: string, headers: Record<string, string> = {}) {
  const response = await fetch(`${scene.current.stage.app.url}/telegram/webhook`, {
    method: "POST",
    body,
    headers: { "content-type": "application/json", [SECRET_HEADER]: scene.current.stage.webhookSecret, ...headers },
  });
  const text = await response.text();
  await scene.current.stage.settle();
  return { status: response.status, text };
}

/** Does it, and says what it changed of everything that belongs to this person. */
async function changesBy(someone: Subscriber, act: () => Promise<unknown>) {
  const before = await someone.facts();
  await act();
  const after = await someone.facts();
  return Object.keys(after).filter((address) => after[address] !== before[address]);
}

const textMessage = (someone: Subscriber, text: unknown, id = 1) => ({
  message_id: id,
  from: someone.person.user,
  chat: { id: someone.id, type: "private", first_name: "x" },
  date: Math.floor(scene.current.now() / 1_000),
  text,
});

describe("a request that is not Telegram's", () => {
  it.each([
    ["without a secret", {}, 401],
    ["with a wrong secret", { [SECRET_HEADER]: "x".repeat(32) }, 401],
    ["with an empty secret", { [SECRET_HEADER]: "" }, 401],
  ])("%s gets a short 401", async (_, headers, status) => {
    const response = await fetch(`${scene.current.stage.app.url}/telegram/webhook`, {
      method: "POST",
      body: JSON.stringify({ update_id: 1 }),
      headers: { "content-type": "application/json", ...headers },
    });
    expect(response.status).toBe(status);
    const problem = Problem.parse(await response.json());
    expect(problem).toEqual(problemOf("http.unauthorized", problem.requestId));
  });

  it.each([
    ["broken JSON", "{", 400],
    ["nothing", "", 400],
    ["no object", "[1,2]", 400],
    ["a text", '"hello"', 400],
    ["two megabytes", JSON.stringify({ update_id: 1, message: "x".repeat(2_000_000) }), 413],
  ])("of %s gets a 4xx that says nothing about the inside", async (_, body, status) => {
    const answer = await post(body);
    expect(answer.status).toBe(status);
    // What the table of errors says, word by word, and nothing else.
    const { code, requestId } = JSON.parse(answer.text);
    expect(JSON.parse(answer.text)).toEqual(problemOf(code, requestId));
    expect(answer.text).not.toMatch(/at |stack|node_modules|Unexpected|position/);
  });

  it("of another type is refused", async () => {
    expect((await post("<update/>", { "content-type": "text/xml" })).status).toBe(415);
  });

  it("survives a deep body", async () => {
    const depth = 50_000;
    const answer = await post(`{"update_id":5,"message":${"[".repeat(depth)}${"]".repeat(depth)}}`);
    expect([200, 400]).toContain(answer.status);
    expect((await scene.current.stage.api("GET", "/healthz")).status).toBe(200);
  });
});

describe("an authentic update that we do not know", () => {
  it.each([
    ["another kind", { poll: { id: "1" } }, "poll"],
    ["a kind of tomorrow", { telepathy: {} }, "telepathy"],
    ["no kind", {}, "none"],
    ["a hostile kind", { "a\nb{}": 1 }, "other"],
    [
      "a channel's post",
      {
        channel_post: {
          message_id: 1,
          date: 1,
          chat: { id: -1_001_000_000_001, type: "channel", title: "x" },
          text: "/start",
        },
      },
      "channel_post",
    ],
  ])("(%s) is acknowledged, counted, and leaves nothing behind", async (_, update, kind) => {
    const line = `tg_updates_total{kind="${kind}",result="unknownKind"}`;
    const before = await scene.current.metric(line);
    expect((await post(JSON.stringify({ update_id: 900_000_001, ...update }))).status).toBe(200);
    expect(await scene.current.metric(line)).toBe(before + 1);
  });

  it.each([
    ["a message without a chat", { message: { message_id: 1, date: 1, text: "hi" } }],
    [
      "a text that is a number",
      {
        message: {
          message_id: 1,
          date: 1,
          chat: { id: 5, type: "private" },
          from: { id: 5, is_bot: false, first_name: "x" },
          text: 7,
        },
      },
    ],
    [
      "a negative person",
      { callback_query: { id: "1", from: { id: -1, is_bot: false, first_name: "x" }, data: "v1:home:" } },
    ],
    [
      "a payment with a text for an amount",
      {
        message: {
          message_id: 1,
          date: 1,
          chat: { id: 5, type: "private" },
          successful_payment: { currency: "XTR", total_amount: "500" },
        },
      },
    ],
    ["null", { message: null }],
  ])("(%s) is acknowledged and counted as malformed", async (_, update) => {
    const kind = Object.keys(update)[0] ?? "";
    const line = `tg_updates_total{kind="${kind}",result="malformed"}`;
    const before = await scene.current.metric(line);
    expect((await post(JSON.stringify({ update_id: 900_000_002, ...update }))).status).toBe(200);
    expect(await scene.current.metric(line)).toBe(before + 1);
  });
});

describe("a payment that nobody can handle", () => {
  it("opens one ticket, however often it comes, and is counted where an alert looks", async () => {
    const anna = await scene.current.newcomer();
    const line = "tg_money_updates_set_aside_total";
    const before = await scene.current.metric(line);
    const update = {
      update_id: 900_000_003,
      message: { ...textMessage(anna, undefined), successful_payment: { currency: "RUB", total_amount: "990" } },
    };
    for (const _ of ["first", "again"]) expect((await post(JSON.stringify(update))).status).toBe(200);
    expect(await scene.current.metric(line)).toBe(before + 2);
    const ticket = await scene.current.stage.app.core.actors.read(addressOf.ticket("payment:setAside:900000003"));
    expect(ticket?.context).toMatchObject({
      subject: "payment",
      detail: "setAside successful_payment",
      userId: anna.id,
    });
  });
});

describe("a forged press", () => {
  it.each([
    ["nonsense", "💥"],
    ["another version", "v9:home:"],
    ["an unknown wish", "v1:grant:club"],
    ["a path", "v1:status:../../etc"],
    ["somebody else's charge", "v1:refund:0123456789abcdef"],
    ["a plan that is not on sale", "v1:plan:no-such-plan"],
    ["an unknown product", "v1:cancel:no-such-product"],
    ["too many parts", "v1:plan:club-month:5"],
  ])("(%s) is answered, changes nothing, and shows what is true", async (_, data) => {
    const anna = await scene.current.newcomer();
    await anna.buys("club-quarter");
    const notices = anna.person.notices().length;
    const changed = await changesBy(anna, () => anna.pressesForged(data, anna.person.screen()?.messageId));
    // That it was tried is on record with the customer.
    expect(changed.filter((address) => address !== addressOf.customer(anna.id))).toEqual([]);
    expect(anna.person.notices().length, "the button does not spin for ever").toBe(notices + 1);
    expect(anna.person.notices().at(-1)?.text).toMatch(/out of date/);
    expect(anna.person.screen()?.text).toMatch(/active until/);
  });

  it("on somebody else's subscription is a wish about one's own", async () => {
    const anna = await scene.current.newcomer();
    const boris = await scene.current.newcomer({ firstName: "Boris" });
    await anna.buys("club-month");
    const changed = await changesBy(anna, () =>
      boris.pressesForged("v1:cancel:club", boris.person.screen()?.messageId),
    );
    expect(changed).toEqual([]);
    expect(await boris.billing()).toBe("");
  });

  it("on no message at all is answered", async () => {
    const anna = await scene.current.newcomer();
    const notices = anna.person.notices().length;
    await anna.pressesForged("v1:plans:");
    expect(anna.person.notices().length).toBe(notices + 1);
  });

  it("that comes twice by a nervous finger is one wish", async () => {
    const anna = await scene.current.newcomer();
    await anna.says("/start plans");
    anna.person.press("v1:plan:club-month");
    anna.person.press("v1:plan:club-month");
    await scene.current.stage.settle();
    const orders = (await scene.current.stage.actorsOf(anna.person)).filter((address) => address.startsWith("order/"));
    expect(orders).toHaveLength(1);
    expect(anna.person.notices().map(({ text }) => text)).toContain("Already on it…");
  });
});

describe("what people write", () => {
  const TEXTS: readonly (readonly [string, string])[] = [
    ["10,000 characters", "я".repeat(10_000)],
    ["HTML", '<b>bold</b> <a href="https://evil">x</a> <script>alert(1)</script> &amp; </blockquote>'],
    ["right to left", "\u202egnitcerid\u202c \u0627\u0644\u0639\u0631\u0628\u064a\u0629"],
    ["zero width", "\u200b\u200d\u2060\ufeff"],
    ["NUL and control characters", "a\u0000b\u0007c\u001bd"],
    ["lone surrogates", "x\ud800y"],
    ["towers of marks", `Z${"\u0351".repeat(500)}algo`],
    ["a template", "{ $name } {{constructor}} #{process.env}"],
    ["nothing visible", " \u00a0 "],
  ];

  it.each(TEXTS)("(%s) gets one hint where a button is expected, and changes nothing", async (_, text) => {
    const anna = await scene.current.newcomer();
    const heard = anna.texts().length;
    const changed = await changesBy(anna, () =>
      post(JSON.stringify({ update_id: 910_000_000 + (anna.id % 1_000_000), message: textMessage(anna, text) })),
    );
    expect(changed).toEqual([]);
    expect(anna.texts().length).toBe(heard + 1);
    expect(anna.person.screen()?.text).toMatch(/Please use the buttons here|Hello/);
    expect(anna.chat()).not.toContain(text);
    await anna.says("/status");
    expect(anna.person.screen()?.text).toMatch(/Hello/);
  });

  it.each(TEXTS)("(%s) to support is taken once, or asked for again, and never shown as markup", async (_, text) => {
    const anna = await scene.current.newcomer();
    await anna.says("/support");
    await post(
      JSON.stringify({ update_id: 920_000_000 + (anna.id % 1_000_000), message: textMessage(anna, text, 77) }),
    );
    expect(anna.person.screen()?.text).toMatch(/Passed on|Text is needed/);
    expect((await scene.current.ticketsOf(anna)).length).toBeLessThanOrEqual(1);
    expect(scene.current.telegram.calls({ chatId: anna.id, ok: false })).toEqual([]);
  });

  it.each([
    ["HTML", "<b>Ann</b> & <i>"],
    ["right to left", "\u202eAnn"],
    ["zero width only", "\u200b\u200b"],
    ["NUL", "A\u0000nn"],
    ["an emoji chain", "👨‍👩‍👧‍👦".repeat(20)],
    ["a very long name", "Ann ".repeat(200)],
    ["a template", "{ $name }"],
  ])("(a name of %s) is greeted without harm", async (_, firstName) => {
    const anna = scene.current.stranger({ firstName });
    await anna.says("/start");
    expect(anna.person.screen()?.text).toMatch(/^Hello/);
    expect(scene.current.telegram.calls({ chatId: anna.id, ok: false })).toEqual([]);
    await anna.buysAndJoins("club-month");
    expect(anna.isIn()).toBe(true);
  });

  it("as a picture gets a hint in words", async () => {
    const anna = await scene.current.newcomer();
    await anna.says("/support");
    anna.person.sendPhoto();
    await scene.current.stage.settle();
    expect(anna.person.screen()?.text).toMatch(/Text is needed here/);
  });
});

describe("commands and deep links", () => {
  it.each([
    ["/start", /Hello/],
    ["/status", /Hello/],
    ["/connect", /Hello/],
    ["/plans", /Plans[\s\S]*The club/],
    ["/buy", /Plans[\s\S]*The club/],
    ["/help", /Help/],
    ["/terms", /Terms/],
    ["/privacy", /What data we keep/],
    ["/language", /Choose a language/],
    ["/support", /what happened/],
    ["/paysupport", /Questions about payments/],
    ["/cancel", /You left the current step/],
    ["/nonsense", /There is no such command/],
    ["/start@club_bot", /Hello/],
    ["/start plans", /Plans/],
    ["/start renew", /Plans/],
    ["/start connect", /Hello/],
    ["/start c_spring-2027", /Hello/],
    ["/start ../../x", /Hello/],
    ["/start c_<b>", /Hello/],
    [`/start ${"y".repeat(500)}`, /Hello/],
  ])("%s leads somewhere", async (command, words) => {
    const anna = await scene.current.newcomer();
    await anna.says(command);
    const screen = anna.person.screen();
    expect(screen?.text).toMatch(words);
    expect(screen?.buttons.flat().length, "no dead end").toBeGreaterThan(0);
    expect(await anna.billing()).toBe("");
  });

  it("in any state keep the subscription", async () => {
    const anna = await scene.current.newcomer();
    await anna.buysAndJoins("club-month");
    const changed = await changesBy(anna, async () => {
      // The way in that a person came by may be noted with the customer.
      for (const command of ["/cancel", "/start plans", "/start connect", "/help", "/language", "/cancel", "/status"])
        await anna.says(command);
    });
    expect(changed.filter((address) => address !== addressOf.customer(anna.id))).toEqual([]);
    expect(anna.isIn()).toBe(true);
  });

  it("are limited for a script, and payments pass all the same", async () => {
    const anna = await scene.current.newcomer();
    await anna.chooses("club-month");
    const link = anna.invoice();
    for (let i = 0; i < 40; i += 1) anna.person.send("/help");
    await scene.current.stage.settle();
    expect(anna.texts().filter((text) => text.startsWith("Help")).length).toBeLessThan(30);
    expect(await anna.person.payInvoice(link)).toMatchObject({ kind: "paid" });
    await scene.current.stage.settle();
    expect(await anna.billing()).toMatch(/^active/);
  });

  it("make no more invoices an hour than the plans file allows", async () => {
    const anna = await scene.current.newcomer();
    for (let i = 0; i < 6; i += 1) await anna.chooses(i % 2 === 0 ? "club-month" : "club-fortnight");
    expect(anna.chat()).toMatch(/many invoices in a row\. Pay one of them, or wait an hour/);
    const orders = (await scene.current.stage.actorsOf(anna.person)).filter((address) => address.startsWith("order/"));
    expect(orders).toHaveLength(4);
  });
});

describe("a person who cannot be reached", () => {
  it("keeps what was paid; what is owed is there when they come back", async () => {
    const anna = await scene.current.newcomer();
    await anna.buysAndJoins("club-month");
    anna.person.block();
    await scene.current.stage.settle();
    await scene.current.stage.advanceTo((await anna.paidUntil()) + HOUR_MS);
    expect(await anna.subscription()).toMatchObject({ charges: 2 });
    expect(anna.isIn()).toBe(true);
    expect((await scene.current.stage.read(addressOf.customer(anna.id)))?.states).toContain("contact.botBlocked");
    anna.person.unblock();
    await anna.says("/start");
    expect(anna.person.screen()?.text).toMatch(/active until/);
    expect(await scene.current.stage.app.core.failed.list()).toEqual([]);
  });

  it("because the account is deleted, costs nothing but the message", async () => {
    const anna = await scene.current.newcomer();
    await anna.buysAndJoins("club-quarter");
    anna.person.deactivate();
    await scene.current.stage.advanceTo((await anna.paidUntil()) + 4 * 24 * HOUR_MS);
    expect(await anna.billing()).toBe("pastDue.hold");
    expect(await scene.current.stage.app.core.failed.list()).toEqual([]);
  });
});

itStaysWhole(scene);
