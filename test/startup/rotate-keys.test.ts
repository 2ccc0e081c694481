import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { addressOf } from "../../machines/address.ts";
import { Keys } from "../../src/redis/keys.ts";
import { loadScripts } from "../../src/redis/scripts.ts";
import { makeRedisSecretStore } from "../../src/redis/secret-store.ts";
import { Secret } from "../../src/sealing/secret.ts";
import { openRedis } from "../../src/startup/redis.ts";
import { describeRotation, rotateKeys } from "../../src/startup/rotate-keys.ts";
import { makeLogger } from "../../src/telemetry/logger.ts";
import { makeMetrics } from "../../src/telemetry/metrics.ts";
import { ringOf, sealingKeysText } from "../support/key-ring.ts";

const MAIN = new URL("../../src/startup/rotate-keys-main.ts", import.meta.url).pathname;
const ANNA = addressOf.onboarding(7_012_345_678, "club");
const OWNER = { address: ANNA, purpose: "wbToken" } as const;
const KEYS_OF = (...ids: readonly string[]) => ({ SEALING_KEYS: sealingKeysText(...ids) });

const someDirectory = (): string => {
  const dataDir = mkdtempSync(join(tmpdir(), "tgs-rotate-"));
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  return dataDir;
};
/** The embedded Redis of a service that has stopped, opened for a moment. */
async function inStore<T>(
  dataDir: string,
  work: (store: ReturnType<typeof makeRedisSecretStore>) => Promise<T>,
): Promise<T> {
  const options = {
    target: undefined,
    dataDir,
    logger: makeLogger({ level: "silent" }),
    metrics: makeMetrics(),
    onLost: () => {},
  };
  const redis = await openRedis(options);
  try {
    return await work(makeRedisSecretStore(redis.client, loadScripts(redis.client), new Keys()));
  } finally {
    await redis.close();
  }
}
const run = async (env: Readonly<Record<string, string>>) => {
  let said = "";
  const code = await rotateKeys({
    env,
    print: (text) => {
      said += text;
    },
  });
  for (const id of ["k0", "k1", "k2"]) expect(said).not.toContain(sealingKeysText(id).slice(3, 20));
  return { code, said };
};

describe("the command that changes keys", () => {
  it("rewraps what is stored, says which keys may go, and does nothing the second time", async () => {
    const dataDir = someDirectory();
    await inStore(dataDir, (store) => store.put(ANNA, "r1", ringOf("k1").seal(new Secret("the token"), OWNER)));

    const first = await run({ DATA_DIR: dataDir, ...KEYS_OF("k2", "k1") });
    expect(first.code, first.said).toBe(0);
    expect(first.said).toMatch(/under key "k2" before: 0; put under it now: 1; dropped meanwhile: 0; stuck: 0/);
    expect(first.said).toMatch(/take "k1" out of SEALING_KEYS/);
    const second = await run({ DATA_DIR: dataDir, ...KEYS_OF("k2", "k1") });
    expect(second.said).toMatch(/under key "k2" before: 1; put under it now: 0/);

    const sealed = await inStore(dataDir, (store) => store.read(ANNA, "r1"));
    expect(
      ringOf("k2")
        .open(sealed ?? "", OWNER)
        .reveal(),
    ).toBe("the token");
  });

  it("ends with 1 while a secret needs a key that is missing, and says which", async () => {
    const dataDir = someDirectory();
    await inStore(dataDir, (store) => store.put(ANNA, "r1", ringOf("k0").seal(new Secret("the token"), OWNER)));
    const { code, said } = await run({ DATA_DIR: dataDir, ...KEYS_OF("k2", "k1") });
    expect(code).toBe(1);
    expect(said).toContain(`${ANNA} r1: sealing.unknownKey (key "k0")`);
    expect(said).toContain("Put the missing keys back");
    expect(said).not.toContain("out of SEALING_KEYS");
  });

  it("ends with 3 beside a service with an embedded Redis, and says what to do", async () => {
    const dataDir = someDirectory();
    const { code, said } = await inStore(dataDir, () => run({ DATA_DIR: dataDir, ...KEYS_OF("k1") }));
    expect(code).toBe(3);
    expect(said).toMatch(/redis\.embedded/);
    expect(said).toContain("stop the service");
  });

  it("as a process ends with 2 for a refused configuration, whose values it does not print", () => {
    const env = { PATH: process.env.PATH, SEALING_KEYS: "k1:tooshort", REDIS_URL: "nonsense" };
    const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", MAIN], {
      env,
      encoding: "utf8",
    });
    expect(status, stderr).toBe(2);
    expect(stdout).toMatch(/SEALING_KEYS: each key must be/);
    expect(stdout).toMatch(/REDIS_URL: /);
    expect(stdout).not.toMatch(/tooshort|nonsense/);
  }, 20_000);
});

describe("what the command says", () => {
  const report = { current: 0, rewrapped: 0, dropped: 0, stuck: [], waitingTexts: 0 };
  it.each<readonly [string, Parameters<typeof describeRotation>, RegExp, boolean]>([
    ["when all is done", [report, ["k3", "k2", "k1"]], /take "k2", "k1" out of SEALING_KEYS/, true],
    ["when there is one key", [report, ["k1"]], /Nothing else is in SEALING_KEYS/, true],
    [
      "when texts wait",
      [{ ...report, waitingTexts: 2 }, ["k2", "k1"]],
      /waiting under other keys: 2\. Run this again/,
      false,
    ],
    [
      "when a secret is refused",
      [{ ...report, stuck: [{ owner: ANNA, ref: "r", why: "sealing.refused", keyId: "k1" }] }, ["k2", "k1"]],
      /goes by itself within seven days/,
      false,
    ],
    [
      "when a process seals with another key",
      [{ ...report, stuck: [{ owner: ANNA, ref: "r", why: "changing", keyId: null }] }, ["k2", "k1"]],
      /restart all of them/,
      false,
    ],
  ])("%s", (_when, [given, keyIds], sentence, mayGo) => {
    const said = describeRotation(given, keyIds);
    expect(said).toMatch(sentence);
    expect(/out of SEALING_KEYS|Nothing else/.test(said)).toBe(mayGo);
  });
});
