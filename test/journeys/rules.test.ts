// Rules that no single machine keeps: what Telegram says in words nobody knows, where secrets must not be, what is left of who was erased.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { addressOf } from "../../machines/address.ts";
import { TERMS_VERSION } from "../../src/bot/screens/info.ts";
import type { PersonExport } from "../../src/support/answers/person-export.ts";
import { dumpKeys } from "../support/dump-keys.ts";
import { type PrivateRedis, startPrivateRedis } from "../support/redis.ts";
import { FIAT_TOKEN } from "./support/plans.ts";
import { MONTH_MS, openScene, type Scene } from "./support/scene.ts";

vi.setConfig({ testTimeout: 60_000 });

describe("rule 5: an unknown provider event changes nothing; it is stored, counted and shown", () => {
  it.each([
    ["a state of the renewal that nobody knows", "suspended"],
    ["a state that is no word", { is: "canceled" }],
  ])("(%s)", async (_, state) => {
    const scene = await openScene(onTestFinished);
    const anna = await scene.newcomer();
    await anna.buysAndJoins("club-month");
    const line = 'tg_updates_set_aside_total{kind="subscription",problem="malformed"}';
    const [facts, count, words] = [await anna.facts(), await scene.metric(line), anna.texts().length];
    const payload = (await anna.subscription()).renewingOrderId ?? "";
    const updateId = await scene.receives({
      subscription: { user: anna.person.user, invoice_payload: payload, state },
    } as never);
    expect(await anna.facts()).toEqual(facts);
    expect(anna.texts()).toHaveLength(words);
    expect(await scene.metric(line)).toBe(count + 1);
    expect(await scene.stage.app.updatesSetAside.list()).toContainEqual(
      expect.objectContaining({ updateId, kind: "subscription", problem: "malformed", fields: ["state"] }),
    );
  });
});

describe("rule 15: secrets are never in a snapshot, an event, the audit, a job, a metric or a chat", () => {
  it("after purchases of every kind, months of renewals and refusals by Telegram", async () => {
    const redis = await startPrivateRedis();
    const scene = await openScene(onTestFinished, { redis: redis.target });
    const anna = await scene.newcomer();
    await anna.buysAndJoins("club-month");
    const boris = await scene.newcomer({ firstName: "Boris" });
    // Telegram's refusal of an invoice quotes a call that held the provider's token.
    scene.telegram.faults.onCall({
      method: "sendInvoice",
      chatId: boris.id,
      times: 1,
      fault: { kind: "error", status: 400, description: "Bad Request: PAYMENT_PROVIDER_INVALID" },
    });
    await boris.chooses("club-euro");
    expect(boris.texts().at(-1)).toContain("This plan can't be sold right now");
    const euros = await boris.buys("club-euro");
    await scene.stage.advance(MONTH_MS + 1_000);

    const stored = await dumpKeys(redis.client(), "");
    expect(stored, "what is stored can be read here").toContain(euros);
    expect(stored, "values too").toContain('"firstName":"Boris"');
    expect(await scene.stage.app.updatesSetAside.list()).toEqual([]);
    const shown = [
      ...[anna, boris].map((someone) => JSON.stringify(someone.person.messages())),
      (await scene.stage.api("GET", "/metrics")).text,
      (await scene.stage.api("GET", "/api/v1/ledger.csv")).text,
      JSON.stringify(await auditOf(scene)),
    ];
    for (const secret of [scene.telegram.token, scene.stage.webhookSecret, FIAT_TOKEN])
      for (const text of [stored, ...shown]) expect(text.includes(secret)).toBe(false);
  });
});

describe("rule 16: erasure removes the person, keeps the money", () => {
  const erasure = { type: "erasure.requested" };

  it("leaves no name, no text and no trace of the chat in any key, and money under a pseudonym", async () => {
    const redis = await startPrivateRedis();
    const scene = await openScene(onTestFinished, { redis: redis.target });
    const anna = await scene.newcomer({ firstName: "Annabella", username: "annabella_k" });
    const boris = await scene.newcomer({ firstName: "Boris" });
    const chargeId = await anna.buysAndJoins("club-month");
    await boris.buysAndJoins("club-quarter");
    await anna.buys("suite-month");
    await anna.says("/connect");
    await anna.says("annabella.k@gmail.com");
    await anna.says("1AnnabellasSpreadsheet_0123456789");
    for (const someone of [anna, boris]) {
      await someone.says("/support");
      await someone.says(`It is ${someone.person.user.first_name} from Kazan`);
    }
    const [question] = await scene.ticketsOf(anna);
    const answered = await scene.stage.api("POST", `/api/v1/tickets/${question?.ticketId}/answer`, {
      text: "Dear Annabella, all is well",
      idempotencyKey: "first-answer",
    });
    expect(answered.status).toBe(200);
    await scene.stage.settle();
    await anna.says("/privacy");
    await anna.presses("v1:forgetask:");
    await anna.presses("v1:forget:");
    await anna.says("/support"); // a dialogue is left open
    const namesOf = /annabella|It is Annabella|Dear Annabella/i;
    const before = await dumpKeys(redis.client(), "");
    expect(linesWith(namesOf, before), "what must go can be found here").not.toEqual([]);
    for (const kind of ["screen", "talk", "throttle"])
      expect(linesWith(new RegExp(`:${kind}:${anna.id}`), before)).not.toEqual([]);

    const exported = async () =>
      (await scene.stage.api("GET", `/api/v1/customers/${anna.id}/export`)).body as PersonExport;
    const copy = await exported();
    expect(copy.person).toMatchObject({ firstName: "Annabella", username: "annabella_k" });
    for (const given of ["annabella.k@gmail.com", "1AnnabellasSpreadsheet_0123456789"])
      expect(JSON.stringify(copy.records)).toContain(given);
    expect(copy.conversations.flatMap(({ messages }) => messages.map(({ text }) => text))).toEqual(
      expect.arrayContaining(["It is Annabella from Kazan", "Dear Annabella, all is well"]),
    );
    expect(copy.consents).toMatchObject([
      { version: TERMS_VERSION, language: "en" },
      { version: TERMS_VERSION, language: "en" },
    ]);

    const erase = `/api/v1/customers/${anna.id}/erase`;
    const reason = "asked for in writing";
    const preview = await scene.stage.api("POST", erase, { dryRun: true, reason });
    expect(JSON.stringify(preview.body)).toContain("erasePerson");
    expect(linesWith(namesOf, await dumpKeys(redis.client(), "")), "a preview changes nothing").toEqual(
      linesWith(namesOf, before),
    );
    const erased = await scene.stage.api("POST", erase, { reason, idempotencyKey: "erase-in-writing" });
    expect([erased.status, erased.body]).toMatchObject([200, { outcome: "applied" }]);
    await scene.stage.settle();

    expect(JSON.stringify(await exported())).not.toMatch(namesOf);
    expect((await exported()).pseudonym).toMatch(/^erased-/);
    expect((await exported()).payments, "the books stay").toHaveLength(2);
    const onDisk = await rewritten(redis);
    expect(onDisk).toContain("It is Boris from Kazan");
    expect(namesOf.test(onDisk), "neither in what Redis wrote anew").toBe(false);

    const after = await dumpKeys(redis.client(), "");
    expect(linesWith(namesOf, after)).toEqual([]);
    for (const kind of ["screen", "talk", "throttle"]) {
      expect(linesWith(new RegExp(`:${kind}:${anna.id}`), after)).toEqual([]);
      expect(linesWith(new RegExp(`:${kind}:${boris.id}`), after), "somebody else's").not.toEqual([]);
    }
    expect(linesWith(/It is Boris from Kazan/, after), "somebody else's").not.toEqual([]);
    expect(anna.texts().at(-1)).toMatch(/^Your data are deleted/);
    expect((await scene.stage.read(addressOf.ticket(`forget:${anna.id}`)))?.states).toEqual(["closed"]);
    expect((await scene.stage.read(addressOf.ticket(question?.ticketId ?? "")))?.states).toEqual(["closed"]);
    expect(anna.person.subscriptions().at(-1)?.state, "nobody who is forgotten is charged").toBe("canceled");

    const { text: books } = await scene.stage.api("GET", "/api/v1/ledger.csv");
    expect(books).toContain(`charge,XTR,500,${chargeId},erased-`);
    expect(books).not.toContain(String(anna.id));
    expect(books).toContain(String(boris.id));

    // What was begun before goes on without a word to a person who is not known any more.
    const words = anna.texts().length;
    await scene.stage.advance(2 * MONTH_MS);
    expect(anna.texts()).toHaveLength(words);
    expect(linesWith(namesOf, await dumpKeys(redis.client(), ""))).toEqual([]);
    const { text: later } = await scene.stage.api("GET", "/api/v1/ledger.csv");
    expect(pseudonymsIn(later), "stable").toEqual(pseudonymsIn(books));
    expect(await scene.stage.app.core.failed.list()).toEqual([]);

    await anna.says("/start");
    expect(await scene.stage.read(addressOf.customer(anna.id)), "a new beginning").toMatchObject({
      context: { firstName: "Annabella" },
    });
  });

  it("is told in the language of the person, and carried out when they can't be told", async () => {
    const redis = await startPrivateRedis();
    const scene = await openScene(onTestFinished, { redis: redis.target });
    const vera = await scene.newcomer({ firstName: "Veronika", languageCode: "ru" });
    await scene.staff(addressOf.customer(vera.id), erasure);
    expect(vera.texts().at(-1)).toMatch(/^Ваши данные удалены/);
    const gleb = await scene.newcomer({ firstName: "Gleboslav" });
    await gleb.says("/support");
    await gleb.says("forget me");
    gleb.person.block();
    await scene.stage.settle();
    await scene.staff(addressOf.customer(gleb.id), erasure);
    // The charge that was under way comes after it: it is served, and nothing is charged again.
    const dora = await scene.newcomer();
    await dora.chooses("club-month");
    await scene.staff(addressOf.customer(dora.id), erasure);
    expect(await dora.pays()).toMatchObject({ kind: "paid" });
    expect(await dora.intent()).toBe("endsAtPeriodEnd.stopped");
    expect(linesWith(/Gleboslav|Veronika|forget me/, await dumpKeys(redis.client(), ""))).toEqual([]);
    expect(await scene.stage.app.core.failed.list()).toEqual([]);
  });
});

/** Shorter to read than all of it when a test fails. */
const linesWith = (pattern: RegExp, everything: string): readonly string[] =>
  everything.split("\n").filter((line) => pattern.test(line));

/** What lies on the disk once the append-only file was written anew. */
async function rewritten(redis: PrivateRedis): Promise<string> {
  const client = redis.client();
  await client.config("SET", "rdbcompression", "no"); // or a text could hide behind its compressed form
  await client.bgrewriteaof();
  await vi.waitFor(
    async () =>
      expect(await client.info("persistence")).toMatch(/aof_rewrite_in_progress:0[\s\S]*aof_last_bgrewrite_status:ok/),
    { timeout: 20_000, interval: 50 },
  );
  return readdirSync(redis.dataDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1"))
    .join("\n");
}

const pseudonymsIn = (books: string): readonly string[] => [...new Set(books.match(/erased-[0-9a-f]{16}/g))];

/** The audit of everybody, as staff read it. */
const auditOf = (scene: Scene) => scene.stage.news(scene.telegram.people.all());
