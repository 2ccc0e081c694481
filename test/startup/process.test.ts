// How the process begins and refuses to begin. Each case has a process of its own, and most of the time is waiting for one to start.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "vitest";
import { TelegramEmulator } from "../../src/sandbox/telegram/emulator.ts";
import { type AtEnd, startChild } from "../journeys/support/child.ts";
import { plansFile } from "../journeys/support/plans.ts";

const TOKEN = `123456:${"t".repeat(35)}`;
const SEALING_KEYS = `k1:${Buffer.alloc(32, 7).toString("base64")}`;

function fileOf(content: string, atEnd: AtEnd): string {
  const dir = mkdtempSync(join(tmpdir(), "tgs-plans-"));
  atEnd(async () => rmSync(dir, { recursive: true, force: true }));
  const path = join(dir, "plans.yaml");
  writeFileSync(path, content);
  return path;
}

async function realTelegram(atEnd: AtEnd): Promise<TelegramEmulator> {
  const telegram = new TelegramEmulator({ clock: { now: Date.now }, token: TOKEN, limitSetWebhook: false });
  await telegram.start();
  atEnd(() => telegram.stop());
  return telegram;
}

describe.concurrent("the process", () => {
  it("lists what is wrong with the environment and with the plans in one go, and ends with code 2", async ({
    expect,
    onTestFinished,
  }) => {
    const broken = plansFile().replace("amount: 300 }", "amount: -300 }");
    const child = await startChild({ PORT: "many", PLANS_FILE: fileOf(broken, onTestFinished) }, onTestFinished);
    expect((await child.ended()).code).toBe(2);
    expect(child.stderr()).toMatch(/- PORT: [\s\S]*- plans\[1\]\.price\.amount \(line \d+\)/);
  });

  it("that cannot write to DATA_DIR says so before it serves anybody, and ends with code 2", async ({
    expect,
    onTestFinished,
  }) => {
    const DATA_DIR = mkdtempSync(join(tmpdir(), "tgs-child-"));
    onTestFinished(() => rmSync(DATA_DIR, { recursive: true, force: true }));
    // In the place of the folder, and of no permission that root would not have.
    writeFileSync(join(DATA_DIR, "slices"), "");
    const child = await startChild({ DATA_DIR }, onTestFinished);
    expect((await child.ended()).code).toBe(2);
    expect(child.stderr()).toMatch(/DATA_DIR, and it cannot be written[\s\S]*COLLECTION=off/);
  });

  it("whose port another program has says so, names PORT, and ends with code 1 and no stack", async ({
    expect,
    onTestFinished,
  }) => {
    const other = createServer();
    await new Promise<void>((done) => other.listen(0, "127.0.0.1", done));
    onTestFinished(() => void other.close());
    const { port } = other.address() as AddressInfo;
    const child = await startChild({ PORT: String(port) }, onTestFinished);
    expect((await child.ended()).code).toBe(1);
    expect(child.stderr()).toMatch(new RegExp(`- PORT: ${port} .*in use`));
    expect(child.stderr() + JSON.stringify(child.log())).not.toMatch(/at .*\.(?:ts|js):\d/);
  });

  it("whose webhook Telegram refuses says in Telegram's words why, and ends with code 2: a restart would not help", async ({
    expect,
    onTestFinished,
  }) => {
    const telegram = await realTelegram(onTestFinished);
    const settings = { BOT_TOKEN: TOKEN, TELEGRAM_API_ROOT: telegram.apiRoot, SEALING_KEYS };
    const webhook = { WEBHOOK_URL: "http://192.0.2.1/telegram/webhook", WEBHOOK_SECRET: "fifteen-letters" };
    const child = await startChild({ ...settings, ...webhook }, onTestFinished);
    expect((await child.ended()).code).toBe(2);
    expect(child.stderr()).toMatch(/- Telegram says: .*bad webhook/i);
    // Said on the way, and the start went on.
    expect(child.log()).toContainEqual(expect.objectContaining({ event: "config.weak", level: "warn" }));
    expect(child.stderr() + JSON.stringify(child.log())).not.toContain("fifteen-letters");
  });

  it("that is told to reload while it starts lives, and reads the plans again once it can", async ({
    expect,
    onTestFinished,
  }) => {
    const child = await startChild({}, onTestFinished);
    // The first line comes while the service is being put together.
    await child.logs("app.starting");
    child.signal("SIGHUP");
    await child.logs("app.ready");
    await child.logs("plans.reloaded");
    child.signal("SIGTERM");
    expect((await child.ended()).code).toBe(0);
  });
});
