import { readFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
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
  it.each([
    ["of another site", { Origin: "https://evil.example" }],
    ["whose name was bent to this machine", { Host: "evil.example:8080" }],
  ])("are not for a browser's page %s", async (_name, headers) => {
    const { emulator } = await controlled();
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const call = request(`${emulator.apiRoot}/__telegram/people/add`, { method: "POST", headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      call.on("error", reject);
      call.end("{}");
    });
    expect(status).toBe(403);
    expect(emulator.people.all()).toEqual([]);
  });

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

  it("do by hand what a person and a channel's admins can do", async () => {
    const { post, get, emulator } = await controlled();
    const { result: ann } = await post("people/add", { languageCode: "ru" });
    const { id: userId } = ann as unknown as { id: number };
    const first = (await post("people/start", { userId, payload: "promo" })).result as unknown as { messageId: number };
    await post("people/sendPhoto", { userId, caption: "look" });
    await post("people/edit", { userId, messageId: first.messageId, text: "hello" });
    expect(await get(`messages?userId=${userId}`)).toMatchObject([{ text: "hello" }, { kind: "media" }]);
    expect(await get(`notices?userId=${userId}`)).toEqual([]);
    expect(await post("people/rename", { userId, firstName: "Anna", username: "anna" })).toMatchObject({
      result: { first_name: "Anna", username: "anna" },
    });
    expect(await post("people/setLanguage", { userId, languageCode: "en" })).toMatchObject({
      result: { language_code: "en" },
    });
    expect(await post("people/pressReplyKey", { userId, label: "Menu" })).toMatchObject({ status: 409 });
    const forged = { userId, payload: "p", currency: "XTR", totalAmount: 1, skipCheckout: true };
    await post("people/topUp", { userId, stars: 1 });
    expect(await post("people/payForged", forged)).toMatchObject({ result: { kind: "paid" } });

    const { result: made } = await post("channels/create", {});
    const { id: channelId } = made as unknown as { id: number };
    const { result: link } = await post("channels/adminCreatesLink", { channelId, createsJoinRequest: true });
    const knock = () => post("people/openLink", { userId, ...(link as unknown as { link: string }) });
    expect(await knock()).toMatchObject({ result: { kind: "requested" } });
    expect(await post("channels/adminDeclines", { channelId, userId })).toMatchObject({ ok: true });
    expect(await knock()).toMatchObject({ result: { kind: "requested" } });
    expect(await post("channels/adminApproves", { channelId, userId })).toMatchObject({ ok: true });
    expect(emulator.channels.get(channelId).memberIds()).toContain(userId);
    expect(await post("channels/adminPromotes", { channelId, userId })).toMatchObject({ ok: true });
    expect(emulator.channels.get(channelId).member(emulator.people.get(userId)).status).toBe("administrator");
    await post("channels/setBotRights", { channelId, rights: {} });
    expect(await post("channels/demoteBot", { channelId })).toMatchObject({ ok: true });
    expect(emulator.channels.get(channelId).botRights?.can_invite_users).toBe(false);
    expect(await post("people/setInTooManyChannels", { userId, value: true })).toMatchObject({ ok: true });
  });

  it("are all in the guide, with their fields, and nothing else is", async () => {
    const { get } = await controlled();
    const actions = (await get("actions")) as Record<string, string[]>;
    expect(actions["people/send"]).toEqual(["userId", "text"]);
    expect(actions["people/add"]).toContain("firstName?");
    const guide = readFileSync(join(import.meta.dirname, "../../../docs/sandbox-telegram.md"), "utf8");
    const rows = [
      ...guide.matchAll(/^\| `((?:people|channels|faults)\/\w+|chargeback|sendRawUpdate|settled)` \| (.*?) \|/gm),
    ];
    const described = rows.map(([, name = "", fields = ""]) => [
      name,
      [...fields.matchAll(/`(\w+\??)`/g)].map(([, field]) => field),
    ]);
    expect(Object.fromEntries(described)).toEqual(actions);
    const views = /GET \/__telegram\/\{([\w,]+)\}/.exec(guide)?.[1]?.split(",") ?? [];
    for (const view of views)
      expect(await get(view.replace(/^(screen|messages|notices)$/, "world")), view).toBeDefined();
    expect(views).toEqual(["actions", "world", "calls", "deliveries", "faults", "screen", "messages", "notices"]);
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
