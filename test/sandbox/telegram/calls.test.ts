import { describe, expect, it } from "vitest";
import { startWorld } from "./support.ts";

describe("a call of the Bot API", () => {
  it("answers 404 to an address that cannot be read, and takes it for no defect of its own", async () => {
    const defects: unknown[] = [];
    const { emulator } = await startWorld({ onDefect: (cause) => defects.push(cause) });
    expect((await fetch(`${emulator.apiRoot}/bot%zz/getMe`)).status).toBe(404);
    expect(defects).toEqual([]);
  });

  it("answers 401 to a wrong token and 404 to an unknown method, in Telegram's envelope", async () => {
    const { emulator, call } = await startWorld();
    const wrong = await fetch(`${emulator.apiRoot}/bot1:wrong/getMe`);
    expect([wrong.status, await wrong.json()]).toEqual([
      401,
      { ok: false, error_code: 401, description: "Unauthorized" },
    ]);
    expect(await call("sendTelepathy")).toEqual({ ok: false, error_code: 404, description: "Not Found" });
  });

  it("takes GET, urlencoded and multipart bodies, the test prefix and any case of the method", async () => {
    const { emulator } = await startWorld();
    const ann = emulator.people.add();
    ann.start();
    const root = `${emulator.apiRoot}/bot${emulator.token}`;
    const get = await fetch(`${root}/test/SENDMESSAGE?chat_id=${ann.id}&text=a`);
    const form = await fetch(`${root}/sendMessage`, {
      method: "POST",
      body: new URLSearchParams({
        chat_id: String(ann.id),
        text: "b",
        protect_content: "true",
        reply_markup: '{"inline_keyboard":[[{"text":"x","callback_data":"y"}]]}',
      }),
    });
    const multipart = new FormData();
    multipart.set("chat_id", String(ann.id));
    multipart.set("caption", "ж");
    multipart.set("document", new Blob([Uint8Array.of(0, 13, 10, 255)]), "table.bin");
    const upload = await fetch(`${root}/sendDocument`, { method: "POST", body: multipart });
    expect([get.status, form.status]).toEqual([200, 200]);
    expect(await upload.json()).toMatchObject({
      ok: true,
      result: { caption: "ж", document: { file_name: "table.bin", file_size: 4 } },
    });
    expect(ann.messages().map((m) => m.text)).toEqual(["/start", "a", "b", "ж"]);
    expect(ann.messages()[2]).toMatchObject({ isProtected: true, buttons: [[{ kind: "callback", data: "y" }]] });
  });

  it("refuses unknown, missing, unmodelled and wrongly typed parameters", async () => {
    const { emulator, refused } = await startWorld();
    const ann = emulator.people.add();
    ann.start();
    expect(await refused("sendMessage", { chat_id: ann.id, text: "x", sparkle: true })).toContain(
      'unknown parameter "sparkle"',
    );
    expect(await refused("sendMessage", { text: "x" })).toBe("Bad Request: chat_id is empty");
    expect(await refused("sendMessage", { chat_id: ann.id })).toBe("Bad Request: message text is empty");
    expect(await refused("createInvoiceLink", {})).toBe('Bad Request: parameter "title" is required');
    expect(await refused("sendMessage", { chat_id: ann.id, text: "x", message_thread_id: 3 })).toBe(
      'Bad Request: parameter "message_thread_id" is not modelled by the emulator',
    );
    expect(await refused("sendMessage", { chat_id: ann.id, text: 5 })).toContain('can\'t parse parameter "text"');
    expect(await refused("refundStarPayment", { telegram_payment_charge_id: "x" })).toBe(
      "Bad Request: invalid user_id specified",
    );
  });

  it("refuses a body that is no JSON object", async () => {
    const { emulator } = await startWorld();
    for (const body of ["{", "[]", "null"]) {
      const response = await fetch(`${emulator.apiRoot}/bot${emulator.token}/getMe`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body,
      });
      expect([response.status, await response.json()]).toEqual([
        400,
        { ok: false, error_code: 400, description: "Bad Request: can't parse JSON object" },
      ]);
    }
  });

  it("is written down with its parameters and outcome", async () => {
    const { emulator, call, clock } = await startWorld();
    const ann = emulator.people.add();
    ann.start();
    await call("sendMessage", { chat_id: ann.id, text: "hello" });
    await call("sendMessage", { chat_id: ann.id, text: "" });
    const calls = emulator.calls({ method: "sendmessage", chatId: ann.id });
    expect(calls.map((c) => [c.at, c.method, c.params.text, c.response?.ok])).toEqual([
      [clock.ms, "sendMessage", "hello", true],
      [clock.ms, "sendMessage", "", false],
    ]);
    expect(emulator.calls({ ok: false })).toHaveLength(1);
    expect(emulator.calls({ afterSeq: calls[1]?.seq ?? 0 })).toEqual([]);
  });

  it("answers 429 with the seconds to wait when flood control is on", async () => {
    const { emulator, call, clock } = await startWorld({
      flood: [{ scope: "chat", maxCalls: 1, perMs: 1500, methods: ["sendMessage"] }],
    });
    const [ann, bob] = [emulator.people.add(), emulator.people.add()];
    for (const person of [ann, bob]) person.start();
    const send = (id: number) => call("sendMessage", { chat_id: id, text: "x" });
    expect((await send(ann.id)).ok).toBe(true);
    expect((await send(bob.id)).ok).toBe(true);
    expect(await send(ann.id)).toEqual({
      ok: false,
      error_code: 429,
      description: "Too Many Requests: retry after 2",
      parameters: { retry_after: 2 },
    });
    clock.ms += 1501;
    expect((await send(ann.id)).ok).toBe(true);
  });
});

describe("the bot's own settings", () => {
  it("keeps commands per scope and language, and shows a person the narrowest list", async () => {
    const { emulator, ok, refused } = await startWorld();
    const ann = emulator.people.add({ languageCode: "ru" });
    ann.start();
    const commands = (description: string) => [{ command: "start", description }];
    await ok("setMyCommands", { commands: commands("all"), scope: { type: "all_private_chats" } });
    await ok("setMyCommands", {
      commands: commands("все"),
      scope: { type: "all_private_chats" },
      language_code: "ru",
    });
    expect(ann.commandMenu()).toEqual(commands("все"));
    expect(await ok("getMyCommands", { scope: { type: "all_private_chats" } })).toEqual(commands("all"));
    expect(await ok("getMyCommands")).toEqual([]);
    await ok("deleteMyCommands", { scope: { type: "all_private_chats" }, language_code: "ru" });
    expect(ann.commandMenu()).toEqual(commands("all"));
    expect(await refused("setMyCommands", { commands: [{ command: "Bad Name", description: "x" }] })).toBe(
      "Bad Request: BOT_COMMAND_INVALID",
    );
    const club = emulator.channels.create({});
    expect(await refused("setMyCommands", { commands: [], scope: { type: "chat", chat_id: club.id } })).toBe(
      "Bad Request: can't change commands in channel chats",
    );
    expect(await refused("setMyCommands", { commands: [], scope: { type: "chat", chat_id: 7_999_999_999 } })).toBe(
      "Bad Request: chat not found",
    );
    await ok("setMyCommands", { commands: commands("staff"), scope: { type: "chat", chat_id: ann.id } });
    expect(ann.commandMenu()).toEqual(commands("staff"));
  });

  it("keeps names, descriptions and the menu button", async () => {
    const { ok, refused } = await startWorld();
    await ok("setMyDescription", { description: "Sells access", language_code: "en" });
    expect(await ok("getMyDescription", { language_code: "en" })).toEqual({ description: "Sells access" });
    expect(await ok("getMyDescription")).toEqual({ description: "" });
    expect(await refused("setMyShortDescription", { short_description: "x".repeat(121) })).toContain("INVALID");
    expect(await ok("getMyName")).toEqual({ name: "Club" });
    await ok("setChatMenuButton", { menu_button: { type: "commands" } });
    expect(await ok("getChatMenuButton")).toEqual({ type: "commands" });
    expect(await ok("getMe")).toMatchObject({ is_bot: true, username: "club_bot" });
  });
});
