// Somebody asks for help and gets it: in the chat on one side, over HTTP on the other.
import { beforeAll, describe, expect, it } from "vitest";
import { DAY_MS, itStaysWhole, useScene } from "./support/scene.ts";
import type { Subscriber } from "./support/subscriber.ts";

const STAFF_CHAT = 7_000_000_001;
const scene = useScene({ env: { STAFF_CHAT_ID: String(STAFF_CHAT) } });

beforeAll(async () => {
  const staff = scene.current.telegram.people.add({ id: STAFF_CHAT, firstName: "Staff" });
  staff.send("/start");
  await scene.current.stage.settle();
});

interface Line {
  readonly id: string;
  readonly state: string;
  readonly userId: number | null;
  readonly subject: string;
  readonly messages: number;
  readonly since: number;
}
const list = async (state: string): Promise<Line[]> => {
  const { status, body } = await scene.current.stage.api("GET", `/api/v1/tickets?state=${state}`);
  expect(status).toBe(200);
  return (body as { tickets: Line[] }).tickets;
};
const ticketOf = async (someone: Subscriber, state: string): Promise<Line> => {
  const found = (await list(state)).filter(({ userId }) => userId === someone.id);
  expect(found, `one ${state} ticket`).toHaveLength(1);
  return found[0] as Line;
};
const read = async (id: string) => {
  const { body } = await scene.current.stage.api("GET", `/api/v1/tickets/${encodeURIComponent(id)}`);
  return body as { readonly state: string; readonly messages: readonly { from: string; text: string }[] };
};
let keys = 0;
const command = async (id: string, what: "answer" | "close", body: object) => {
  keys += 1;
  const answer = await scene.current.stage.api("POST", `/api/v1/tickets/${encodeURIComponent(id)}/${what}`, {
    idempotencyKey: `command-${keys}`,
    ...body,
  });
  await scene.current.stage.settle();
  expect(answer.status, answer.text).toBe(200);
  return answer.body;
};

describe("a customer who asks for help", () => {
  it("is heard, answered in the chat, and heard again", async () => {
    const anna = await scene.current.newcomer();
    await anna.says("/support");
    await anna.says("I paid, where is my <link>?");
    await anna.says("And my name is Anna");

    const waiting = await ticketOf(anna, "open");
    expect(waiting).toMatchObject({ subject: "question", messages: 2 });
    expect((await read(waiting.id)).messages).toMatchObject([
      { from: "customer", text: "I paid, where is my <link>?" },
      { from: "customer", text: "And my name is Anna" },
    ]);

    const answer = { text: "Press *My access* & then <Invite>.\nIt is there.", idempotencyKey: "answer-to-anna" };
    expect(await command(waiting.id, "answer", answer)).toEqual({ outcome: "applied", state: "answered" });
    expect(anna.texts().at(-1)).toContain("Press *My access* & then <Invite>.\nIt is there.");
    expect(await command(waiting.id, "answer", answer)).toMatchObject({ outcome: "duplicate" });
    expect(anna.texts().filter((text) => text.includes("It is there."))).toHaveLength(1);

    await anna.says("Thank you, it was");
    expect(await ticketOf(anna, "open")).toMatchObject({ id: waiting.id, messages: 4 });
    expect(await command(waiting.id, "close", { reason: "she found it" })).toEqual({
      outcome: "applied",
      state: "closed",
    });
    expect(await list("open")).not.toContainEqual(expect.objectContaining({ userId: anna.id }));
    expect((await read(waiting.id)).messages.map(({ from }) => from)).toEqual([
      "customer",
      "customer",
      "staff",
      "customer",
    ]);
  });

  it("finds the conversation again when staff answer one that was closed", async () => {
    const boris = await scene.current.newcomer();
    await boris.says("/support");
    await boris.says("Is there a student price?");
    const { id } = await ticketOf(boris, "open");
    await command(id, "answer", { text: "Not yet." });
    await scene.current.stage.advance(8 * DAY_MS);
    expect(await ticketOf(boris, "closed")).toMatchObject({ id });
    await command(id, "answer", { text: "There is one now." });
    expect(boris.texts().at(-1)).toContain("There is one now.");
    expect(await ticketOf(boris, "answered")).toMatchObject({ id, messages: 3 });
  });

  it("opens it again by writing soon after it was closed, and begins another one later", async () => {
    const clara = await scene.current.newcomer();
    await clara.says("/support");
    await clara.says("First question");
    const first = await ticketOf(clara, "open");
    await command(first.id, "close", {});
    await clara.says("/support");
    await clara.says("It is not settled");
    expect(await ticketOf(clara, "reopened")).toMatchObject({ id: first.id, messages: 2 });
    expect((await read(first.id)).messages).toMatchObject([{ text: "First question" }, { text: "It is not settled" }]);

    await command(first.id, "close", {});
    await scene.current.stage.advance(8 * DAY_MS);
    await clara.says("/support");
    await clara.says("Another question");
    const second = await ticketOf(clara, "open");
    expect(second.id).not.toBe(first.id);
    expect((await read(second.id)).messages).toMatchObject([{ text: "Another question" }]);
  });
});

describe("the people who answer", () => {
  it("are told in their chat what waits, and never what somebody wrote", async () => {
    const { telegram } = scene.current;
    const staff = telegram.people.all().find(({ id }) => id === STAFF_CHAT);
    const dora = await scene.current.newcomer();
    await dora.says("/support");
    await dora.says("My secret is zebra-quay");
    const { id } = await ticketOf(dora, "open");
    const told = staff?.messages().map(({ text }) => text) ?? [];
    expect(told.filter((text) => text.includes(id))).toHaveLength(1);
    expect(told.join()).not.toContain("zebra-quay");
  });
});

itStaysWhole(scene);
