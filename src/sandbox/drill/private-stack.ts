// A staging of one's own for a drill: the service as an operator runs it, a process with a Redis of its own, beside a simulated Telegram.
import { type ChildProcess, spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse, stringify } from "yaml";
import { z } from "zod";
import { SAMPLE_PLANS_FILE } from "../../catalog-source.ts";
import { TelegramEmulator } from "../telegram/emulator.ts";
import type { Staging } from "./staging.ts";

/** Starting takes seconds; on a busy machine more. Unit: milliseconds. */
const START_WITHIN_MS = 90_000;
/** Of the end of the service's output. Unit: characters. */
const LAST_WORDS = 4_000;
/** People who are in the channels already. */
const MEMBERS = 100;

const Plans = z.looseObject({ products: z.array(z.looseObject({ channels: z.array(z.coerce.string()) })) });

export interface PrivateStack extends Staging {
  stop(): Promise<void>;
}

/** @throws Error with the last words of a service that does not start. */
export async function startPrivateStack(): Promise<PrivateStack> {
  const directory = mkdtempSync(join(tmpdir(), "tgs-drill-"));
  const token = `6900000002:${randomBytes(24).toString("base64url")}abc`;
  const adminToken = randomBytes(24).toString("base64url");
  const plans = Plans.parse(parse(readFileSync(SAMPLE_PLANS_FILE, "utf8")));
  // A drill removes many from a channel within an hour. How many are allowed goes by the members that were counted at the start.
  const plansFile = join(directory, "plans.yaml");
  writeFileSync(plansFile, stringify({ ...plans, policies: { removalBreaker: { perHour: 1_000, percent: 100 } } }));
  const emulator = new TelegramEmulator({ clock: { now: Date.now }, token, control: true, seed: Date.now() });
  await emulator.start();
  const memberIds = Array.from({ length: MEMBERS }, () => emulator.people.add({ firstName: "Member" }).id);
  for (const id of new Set(plans.products.flatMap(({ channels }) => channels)))
    emulator.channels.create({ id: Number(id), title: `Drill ${id}`, memberIds });
  const port = await freePort();
  const service = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, ["--import", "tsx/esm", "src/main.ts"], {
    cwd: fileURLToPath(new URL("../../../", import.meta.url)),
    env: {
      ...pathsOf(),
      BOT_TOKEN: token,
      TELEGRAM_API_ROOT: emulator.apiRoot,
      WEBHOOK_URL: `${service}/telegram/webhook`,
      WEBHOOK_SECRET: randomBytes(24).toString("hex"),
      SEALING_KEYS: `drill:${randomBytes(32).toString("base64")}`,
      ADMIN_TOKENS: `drill:owner:${createHash("sha256").update(adminToken).digest("hex")}`,
      PLANS_FILE: plansFile,
      DATA_DIR: join(directory, "data"),
      PORT: String(port),
      LOG_LEVEL: "warn",
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = once(child, "close");
  const stop = async () => {
    if (child.exitCode === null) child.kill("SIGTERM");
    await ended;
    await emulator.stop();
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    await ready(child, service);
  } catch (error) {
    await stop();
    throw error;
  }
  return { service, emulator: emulator.apiRoot, adminToken, stop };
}

/** Nothing else of this process's environment belongs to the service that is tried. */
// biome-ignore lint/style/noProcessEnv: where programs and caches are.
const pathsOf = () => Object.fromEntries(["PATH", "HOME", "REDIS_SERVER_BIN"].map((name) => [name, process.env[name]]));

async function ready(child: ChildProcess, service: string): Promise<void> {
  let words = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk: Buffer) => {
      words = (words + chunk.toString()).slice(-LAST_WORDS);
    });
  for (const from = performance.now(); performance.now() - from < START_WITHIN_MS; ) {
    if (child.exitCode !== null) throw new Error(`the service ended with code ${child.exitCode}:\n${words}`);
    const isReady = await fetch(`${service}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`the service was not ready within ${START_WITHIN_MS / 1_000} s:\n${words}`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
