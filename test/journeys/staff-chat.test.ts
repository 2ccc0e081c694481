// The everyday part of the staff's work inside Telegram: requests, questions about a person, commands with a preview, two persons.
import { beforeAll, describe, expect, it } from "vitest";
import { addressOf } from "../../machines/address.ts";
import type { SubscriptionContext } from "../../machines/subscription/types.ts";
import type { Person } from "../../src/sandbox/telegram/people/person.ts";
import { DAY_MS, itStaysWhole, useScene } from "./support/scene.ts";
import type { Subscriber } from "./support/subscriber.ts";

const ALICE = 7_000_000_001;
const BOB = 7_000_000_002;
const CAROL = 7_000_000_003;
const MALLORY = 7_000_000_004;
// The chat is Alice's private one; what others say in it comes as raw updates, as a group's would.
const scene = useScene({
  env: {
    STAFF_CHAT_ID: String(ALICE),
    STAFF_MEMBERS: `${ALICE}:alice:finance,${BOB}:bob:finance,${CAROL}:carol:support`,
  },
  plans: { policies: "{ approval: { refundAbove: { XTR: 400 } } }" },
});
let alice: Person;

beforeAll(async () => {
  alice = scene.current.telegram.people.add({ id: ALICE, firstName: "Alice" });
  alice.send("/start");
  await scene.current.stage.settle();
});

const texts = () =>
  alice
    .messages()
    .filter(({ from }) => from === "bot")
    .map(({ text }) => text);
const last = () => texts().at(-1) ?? "";
const lastId = () =>
  alice
    .messages()
    .filter(({ from }) => from === "bot")
    .at(-1)?.messageId ?? 0;
const says = async (text: string) => {
  alice.send(text);
  await scene.current.stage.settle();
};
const presses = async (label: string) => {
  alice.press(label);
  await scene.current.stage.settle();
};
const people = { [ALICE]: "Alice", [BOB]: "Bob", [CAROL]: "Carol", [MALLORY]: "Mallory" };
let messageIds = 900_000;
/** What somebody says in the chat, to one of its messages if given. */
const heard = (userId: keyof typeof people, text: string, replyTo?: number) => {
  messageIds += 1;
  const chat = { id: ALICE, type: "private" as const, first_name: "Staff" };
  const from = { id: Number(userId), is_bot: false, first_name: people[userId] ?? "" };
  const reply = replyTo === undefined ? {} : { reply_to_message: { message_id: replyTo, date: 1, chat } };
  return scene.current.receives({ message: { message_id: messageIds, date: 1, chat, from, text, ...reply } } as never);
};
const pressed = (userId: keyof typeof people, data: string, messageId: number) => {
  const chat = { id: ALICE, type: "private" as const, first_name: "Staff" };
  const from = { id: Number(userId), is_bot: false, first_name: people[userId] ?? "" };
  const message = { message_id: messageId, date: 1, chat };
  return scene.current.receives({
    callback_query: { id: `q${messageId}`, from, chat_instance: "1", data, message },
  } as never);
};
const clubOf = async (someone: Subscriber) => {
  const view = await scene.current.stage.read(addressOf.subscription(someone.id, "club"));
  return view?.context as unknown as SubscriptionContext;
};
const asks = async (question: string): Promise<Subscriber> => {
  const someone = await scene.current.newcomer();
  await someone.says("/support");
  await someone.says(question);
  return someone;
};

describe("a request in the staff chat", () => {
  it("carries buttons and nothing of what was written, which is shown when somebody listed presses", async () => {
    await asks("My secret is zebra-quay");
    expect(texts().join()).not.toContain("zebra-quay");
    await presses("Показать");
    expect(last()).toContain("zebra-quay");
    await presses("Кто это");
    expect(last()).toMatch(/ticket\//);
    await presses("Закрыть");
    expect(last()).toContain("alice");
  });

  it("is answered by a reply, once it was shown back and confirmed", async () => {
    const anna = await asks("Where is my link?");
    await heard(ALICE, "Press <My access> & go.", lastId());
    expect(last()).toContain("Отправить клиенту?");
    expect(last()).toContain("Press <My access> & go.");
    expect(anna.texts().join()).not.toContain("My access> & go");
    await presses("Отправить");
    expect(anna.texts().at(-1)).toContain("Press <My access> & go.");
    expect(last()).toContain("alice");
  });

  it("is not answered when the reply is taken back, nor by somebody who did not write it", async () => {
    const boris = await asks("Hello?");
    await heard(ALICE, "Wrong window", lastId());
    const draft = lastId();
    await pressed(BOB, "v1:desksend:", draft);
    expect(boris.texts().join()).not.toContain("Wrong window");
    await presses("Отмена");
    await pressed(ALICE, "v1:desksend:", draft);
    expect(boris.texts().join()).not.toContain("Wrong window");
  });

  it("is listed with the others that wait", async () => {
    const clara = await asks("Anybody there?");
    await says("/tickets");
    expect(last()).toContain(String(clara.id));
  });
});

describe("a question about a person", () => {
  it("is answered in a few lines, by id and by charge", async () => {
    const dora = await scene.current.newcomer({ firstName: "Dora" });
    const chargeId = await dora.buys("club-month");
    await says(`/who ${dora.id}`);
    expect(last()).toContain("Dora");
    expect(last()).toContain(`subscription/${dora.id}:club`);
    expect(last()).toContain(chargeId);
    await says(`/who ${chargeId}`);
    expect(last()).toContain("Dora");
    await says(`/why ${dora.id}`);
    expect(last()).toMatch(/доступ открыт/);
    await says("/who nobody_at_all");
    expect(last()).toContain("Никого не нашли");
  });
});

describe("a command in the staff chat", () => {
  it("is shown first, done when it is confirmed, and has its person and reason on record", async () => {
    const emil = await scene.current.newcomer();
    await emil.buysAndJoins("club-quarter");
    const before = (await clubOf(emil)).paidUntil ?? 0;
    await says(`/extend ${emil.id} club 3 sorry for the outage`);
    expect(last()).toContain("term.extended");
    expect((await clubOf(emil)).paidUntil).toBe(before);
    const preview = lastId();
    await presses("Подтвердить");
    expect((await clubOf(emil)).paidUntil).toBe(before + 3 * DAY_MS);
    const [entry] = (await scene.current.stage.app.core.actors.history(addressOf.subscription(emil.id, "club"))).filter(
      ({ event }) => event.type === "term.extended",
    );
    expect(entry?.cause).toMatchObject({ kind: "staff", by: "alice", reason: "sorry for the outage" });
    await pressed(ALICE, "v1:deskdo:", preview);
    expect((await clubOf(emil)).paidUntil).toBe(before + 3 * DAY_MS);
  });

  it("says so when the actor moved on since", async () => {
    const fay = await scene.current.newcomer();
    await fay.buysAndJoins("club-quarter");
    await says(`/revoke ${fay.id} club shared the link`);
    await scene.current.staff(addressOf.subscription(fay.id, "club"), { type: "term.extended", ms: DAY_MS });
    await presses("Подтвердить");
    expect(last()).toContain("Ничего не сделано");
    expect((await scene.current.stage.read(addressOf.subscription(fay.id, "club")))?.states).not.toContain(
      "billing.revoked",
    );
  });

  it("needs the role of its event, and says what it expects", async () => {
    const gus = await scene.current.newcomer();
    await gus.buysAndJoins("club-quarter");
    await heard(CAROL, `/extend ${gus.id} club 3 sorry for that`);
    expect(last()).toContain("роль finance");
    await says("/extend");
    expect(last()).toContain("/extend <telegramId> <product> <days>");
  });
});

describe("a refund above the limit", () => {
  it("waits for another listed person, and never for the one who asked", async () => {
    const hugo = await scene.current.newcomer();
    const chargeId = await hugo.buys("club-month");
    await says(`/refund ${chargeId} revoke asked by phone`);
    expect(last()).toContain("второго");
    await presses("Подтвердить");
    expect(last()).toContain("Нужен второй сотрудник");
    const payment = async () => (await scene.current.stage.read(addressOf.payment(chargeId)))?.states;
    const approval = lastId();
    await presses("Одобрить");
    expect(last()).toContain("Свой запрос");
    await pressed(CAROL, "v1:deskapprove:", approval);
    expect(await payment()).toEqual(["applied"]);
    await pressed(BOB, "v1:deskapprove:", approval);
    await scene.current.stage.settle();
    expect(await payment()).toEqual(["refunded"]);
    const entries = await scene.current.stage.app.core.actors.history(addressOf.payment(chargeId));
    expect(entries.find(({ event }) => event.type === "refund.requested")?.cause).toMatchObject({
      by: "alice",
      reason: expect.stringContaining("approved by bob"),
    });
  });
});

describe("somebody who is not listed", () => {
  it("is told so in the staff chat, and learns nothing", async () => {
    const iris = await scene.current.newcomer({ firstName: "Iris" });
    await heard(MALLORY, `/who ${iris.id}`);
    expect(last()).toContain("STAFF_MEMBERS");
    expect(await scene.current.stage.read(addressOf.customer(MALLORY))).toBeNull();
  });

  it("finds no desk anywhere else", async () => {
    const jack = await scene.current.newcomer();
    await jack.says(`/who ${ALICE}`);
    expect(jack.texts().at(-1)).not.toContain("Alice");
    jack.person.pressForged("v1:deskapprove:");
    await scene.current.stage.settle();
  });
});

describe("what people say to each other in the staff chat", () => {
  it("is nobody's request and gets no answer", async () => {
    const before = texts().length;
    await heard(BOB, "Lunch?");
    await heard(MALLORY, "Pizza!");
    expect(texts()).toHaveLength(before);
    for (const id of [ALICE, BOB, MALLORY]) expect(await scene.current.stage.read(addressOf.customer(id))).toBeNull();
  });
});

itStaysWhole(scene);
