import { describe, expect, it } from "vitest";
import { answerCheckouts, startWorld } from "./support.ts";

async function controlled(control = true) {
  const world = await startWorld({ control });
  const root = `${world.emulator.apiRoot}/__telegram`;
  const post = async (action: string, body?: unknown) => {
    const response = await fetch(`${root}/${action}`, {
      method: "POST",
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    return { status: response.status, ...((await response.json()) as { ok: boolean; result?: never; error?: string }) };
  };
  const get = async (view: string) => ((await (await fetch(`${root}/${view}`)).json()) as { result: never }).result;
  return { ...world, post, get };
}

describe("the controls over HTTP", () => {
  it("let another process be a person from first message to membership", async () => {
    const world = await controlled();
    const { post, get, ok, emulator } = world;
    answerCheckouts(world);
    const { result: ann } = await post("people/add", { firstName: "Ann", stars: 500 });
    const { id: userId } = ann as unknown as { id: number };
    const { result: made } = await post("channels/create", { title: "Club" });
    const { id: channelId } = made as unknown as { id: number };
    await post("people/send", { userId, text: "/start" });
    await ok("sendMessage", {
      chat_id: userId,
      text: "Buy?",
      reply_markup: { inline_keyboard: [[{ text: "Yes", callback_data: "yes" }]] },
    });
    expect(await post("people/press", { userId, button: "Yes" })).toMatchObject({ result: { kind: "callback" } });
    const link = await ok<string>("createInvoiceLink", {
      title: "t",
      description: "d",
      payload: "p",
      currency: "XTR",
      prices: [{ label: "l", amount: 500 }],
    });
    expect(await post("people/pay", { userId, link })).toMatchObject({ status: 200, result: { kind: "paid" } });
    const { invite_link } = await ok<{ invite_link: string }>("createChatInviteLink", { chat_id: channelId });
    expect(await post("people/openLink", { userId, link: invite_link })).toMatchObject({ result: { kind: "joined" } });
    await post("settled");
    expect(await get("world")).toMatchObject({
      bot: { stars: 500 },
      users: [
        { id: userId, starBalance: 0, messages: [{ text: "/start" }, { text: "Buy?" }, { kind: "payment" }] },
        {},
      ],
      channels: [{ id: channelId, memberIds: [expect.any(Number), userId] }],
      pendingUpdates: [],
    });
    expect(await get(`screen?userId=${userId}`)).toMatchObject({ text: "Buy?" });
    expect(await get("calls?method=sendMessage")).toMatchObject([{ method: "sendMessage", params: { text: "Buy?" } }]);
    expect(await get("deliveries")).toHaveLength(emulator.deliveries().length);
  });

  it("break things on demand", async () => {
    const { post, get, refused } = await controlled();
    const rule = await post("faults/onCall", { method: "getMe", fault: { kind: "error", status: 429, retryAfter: 1 } });
    expect(await refused("getMe")).toContain("Too Many Requests");
    expect(await get("faults")).toMatchObject({ calls: [{ kind: "error", hits: 1 }] });
    expect(await post("faults/release", rule.result)).toMatchObject({ result: { hits: 1 } });
    await post("faults/clear");
    expect(await refused("getMe")).toBe("");
  });

  it("say in JSON what is wrong", async () => {
    const { post } = await controlled();
    expect(await post("people/add", "{")).toMatchObject({ status: 400, ok: false, error: "The body is not JSON." });
    expect(await post("people/send", { userId: 1, text: "x", loud: true })).toMatchObject({ status: 400 });
    expect(await post("people/send", { userId: 1, text: "x" })).toMatchObject({
      status: 409,
      error: "No user 1: add it first.",
    });
    expect(await post("people/fly", {})).toMatchObject({ status: 404 });
    expect((await post("__proto__", {})).status).toBe(404);
  });

  it("are not there unless asked for", async () => {
    const { emulator } = await controlled(false);
    const response = await fetch(`${emulator.apiRoot}/__telegram/world`);
    expect(response.status).toBe(404);
  });
});
