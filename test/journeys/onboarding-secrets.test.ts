// Contract check 4: after a whole run with faults and refusals, nothing that the service wrote anywhere holds a token or a credential, and no log what is personal.
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { expect, it, onTestFinished, vi } from "vitest";
import { SimulatedBackend } from "../../src/sandbox/backend/backend.ts";
import { mintWbToken } from "../../src/sandbox/backend/wb-token/mint.ts";
import { TelegramEmulator } from "../../src/sandbox/telegram/emulator.ts";
import type { Person } from "../../src/sandbox/telegram/people/person.ts";
import { dumpKeys } from "../support/dump-keys.ts";
import { startChild } from "./support/child.ts";
import { newSeller, newSheet, PATHS, sheetLink } from "./support/connecting.ts";
import { CHATS, plansFile } from "./support/plans.ts";

const BOT_TOKEN = "6900000002:journeys-token-journeys-token-journeys";
const ADMIN_KEY = "operator-key-of-the-secrets-journey";
const CLIENT_KEY = "client-key-of-the-secrets-journey";
const SEALING_KEY = Buffer.alloc(32, 11).toString("base64");
const STAFF_TOKEN = "staff-token-of-the-secrets-journey";
const CREDENTIALS = [BOT_TOKEN.slice(11), ADMIN_KEY, CLIENT_KEY, SEALING_KEY, STAFF_TOKEN];

/** What of a token would give it away, as it is and encoded once more. */
const tracesOf = (token: string): string[] => {
  const [, payload = "", signature = ""] = token.split(".");
  return [payload, signature, Buffer.from(token).toString("base64").slice(4, -8), encodeURIComponent(signature)];
};

const clock = { now: () => Date.now() };

async function world() {
  const telegram = new TelegramEmulator({ clock, token: BOT_TOKEN });
  const backend = new SimulatedBackend({ clock, control: true, adminKey: ADMIN_KEY, clientKey: CLIENT_KEY });
  await Promise.all([telegram.start(), backend.start()]);
  onTestFinished(async () => void (await Promise.all([telegram.stop(), backend.stop()])));
  for (const id of Object.values(CHATS)) telegram.channels.create({ id });
  return { telegram, backend };
}

const sees = (person: Person, words: RegExp) =>
  vi.waitFor(() => expect(person.screen()?.text).toMatch(words), { timeout: 20_000, interval: 20 });

it("a whole run with faults and refusals leaves no token and no credential anywhere", async () => {
  const { telegram, backend } = await world();
  const dataDir = mkdtempSync(join(tmpdir(), "tgs-secrets-"));
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  const plans = join(dataDir, "plans.yaml");
  writeFileSync(plans, plansFile());
  const child = await startChild(
    {
      DATA_DIR: dataDir,
      PLANS_FILE: plans,
      LOG_LEVEL: "trace",
      BOT_TOKEN,
      TELEGRAM_API_ROOT: telegram.apiRoot,
      BACKEND_URL: backend.url,
      BACKEND_ADMIN_KEY: ADMIN_KEY,
      BACKEND_CLIENT_KEY: CLIENT_KEY,
      SEALING_KEYS: `k1:${SEALING_KEY}`,
      ADMIN_TOKENS: `olga:owner:${createHash("sha256").update(STAFF_TOKEN).digest("hex")}`,
    },
    onTestFinished,
  );
  const { url } = await child.logs("app.ready");
  const traces: string[] = [...CREDENTIALS];
  const mint = (options = {}): string => {
    const token = mintWbToken({ now: Date.now(), sid: newSeller(), ...options });
    traces.push(...tracesOf(token));
    return token;
  };

  // Somebody pays, and sends a token wherever one can be sent.
  const anna = telegram.people.add({
    ...{ languageCode: "en", stars: 2_000, firstName: "Anna Namemark", username: "anna_usermark" },
  });
  anna.send(`/start plans ${mint()}`);
  anna.start("plans");
  await sees(anna, /Plans/);
  anna.press("v1:plan:suite-month");
  await sees(anna, /500 ⭐ every 30 days/);
  const pay = anna.press("Pay 500 ⭐");
  expect(await anna.payInvoice(pay.kind === "url" ? pay.url : "")).toMatchObject({ kind: "paid" });
  await sees(anna, /Now join the channel/);
  anna.send(mint());
  await sees(anna, /kept it nowhere/);
  anna.send("/support");
  await sees(anna, /Tell us what happened/);
  anna.send(`textmark look: ${mint()}`);
  await sees(anna, /looks like a token/);
  anna.send("/connect");
  await sees(anna, /Step 1 of 3/);
  anna.send(mint());
  await sees(anna, /needed at step 3[\s\S]+Step 1/);
  anna.send("anna@gmail.com");
  await sees(anna, /^✓ E-mail[\s\S]+Step 2 of 3/);
  anna.send(`https://docs.google.com/spreadsheets/d/${mint()}/edit`);
  await sees(anna, /needed at step 3[\s\S]+Step 2/);
  anna.sendPhoto(mint());
  await vi.waitFor(() => expect(telegram.calls({ method: "deleteMessage" })).toHaveLength(6), { timeout: 20_000 });
  const sheet = newSheet();
  anna.send(sheetLink(sheet));
  await sees(anna, /✓ Sheet[\s\S]+Step 3 of 3/);
  anna.send(mint({ expiresInS: 60 }));
  await sees(anna, /has expired, or will within a day/);
  // A backend that repeats the token in its refusal, one that breaks, one whose answer is lost.
  const echoed = mint();
  const details = { reason: echoed, token: echoed };
  backend.faults.add({
    path: PATHS.addToken,
    times: 1,
    fault: { status: 422, code: "invalid_wb_token", message: echoed, details },
  });
  anna.send(echoed);
  await sees(anna, /Wildberries refused the token/);
  backend.faults.add({ path: PATHS.addToken, times: 1, fault: { lose_answer: true } });
  backend.faults.add({
    path: PATHS.refresh,
    times: 1,
    fault: { status: 500, code: "internal", message: mint(), details: { key: ADMIN_KEY } },
  });
  anna.send(mint());
  await sees(anna, /^Done/);
  // And one that refuses our own credential: told to staff, kept in a ticket.
  const boris = telegram.people.add({ languageCode: "en", stars: 2_000 });
  boris.send("/start plans");
  await sees(boris, /Plans/);
  boris.press("v1:plan:suite-month");
  await sees(boris, /500 ⭐ every 30 days/);
  const payToo = boris.press("Pay 500 ⭐");
  await boris.payInvoice(payToo.kind === "url" ? payToo.url : "");
  await sees(boris, /Now join the channel/);
  boris.send("/connect");
  await sees(boris, /Step 1 of 3/);
  boris.send("boris@gmail.com");
  await sees(boris, /^✓ E-mail[\s\S]+Step 2 of 3/);
  boris.send(sheetLink(newSheet()));
  await sees(boris, /✓ Sheet[\s\S]+Step 3 of 3/);
  backend.faults.add({
    path: PATHS.register,
    times: 1,
    fault: { status: 401, code: "unauthorized", message: ADMIN_KEY },
  });
  boris.send(mint()); // sealed, and waiting for its turn when everything is searched
  await child.logs("backend.unauthorized");

  const staff = { headers: { authorization: `Bearer ${STAFF_TOKEN}` } };
  const read = async (path: string) => (await fetch(`${String(url)}${path}`, staff)).text();
  const histories = [anna, boris].map(({ id }) => `/api/v1/actors/onboarding/${encodeURIComponent(`${id}:suite`)}`);
  const api = await Promise.all(
    ["/metrics", "/api/v1/tickets", ...histories, ...histories.map((path) => `${path}/history`)].map(read),
  );
  const redis = new Redis({ path: join(dataDir, "redis", "redis.sock") });
  const keys = await dumpKeys(redis, "").finally(() => redis.quit());
  child.signal("SIGTERM");
  expect((await child.ended()).code, child.stderr()).toBe(0);
  const files = (readdirSync(join(dataDir, "redis"), { recursive: true, withFileTypes: true }) ?? [])
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1"));
  const places = {
    logs: JSON.stringify(child.log()) + child.stderr(),
    redis: keys,
    api: api.join("\n"),
    files: files.join("\n"),
  };

  // The search itself works: each place holds what it should.
  expect(places.logs).toContain("backend.call");
  for (const place of [places.redis, places.files, places.api]) expect(place).toContain(sheet);
  expect(places.redis, "the one that waits is there, sealed").toMatch(/secret/);
  expect(places.api).toContain("backend");
  expect(traces.length).toBeGreaterThan(40);
  // What is personal lies in the store, and the log has none of it, nor any field that is not on its list.
  const personal = ["Namemark", "anna_usermark", "anna@gmail.com", "boris@gmail.com", sheet, "textmark"];
  for (const mark of personal.slice(0, 5)) expect(places.redis).toContain(mark);
  expect(personal.filter((mark) => places.logs.includes(mark))).toEqual([]);
  expect(child.log().filter(({ fieldsDropped }) => fieldsDropped !== undefined)).toEqual([]);
  for (const [place, text] of Object.entries(places))
    expect(
      traces.filter((trace) => text.includes(trace)),
      place,
    ).toEqual([]);
}, 90_000);
