import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { startApp } from "../../src/app.ts";
import { readConfig } from "../../src/config.ts";
import { makeLogger } from "../../src/telemetry/logger.ts";
import { FIAT_TOKEN, plansFile } from "../journeys/support/plans.ts";
import { startPrivateRedis } from "../support/redis.ts";

describe("a payment provider's token in the plans", () => {
  it("is made known for masking before anything else is done with the plans, and so is that of a reloaded file", async () => {
    const dir = mkdtempSync(join(tmpdir(), "tgs-secrets-"));
    onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
    const path = join(dir, "plans.yaml");
    writeFileSync(path, plansFile());
    const read = readConfig({ PORT: "0", PLANS_FILE: path, LOG_LEVEL: "silent" });
    if (!read.ok) throw new Error(read.problems.join("\n"));
    const hidden: (readonly string[])[] = [];
    const app = await startApp({
      config: { ...read.config, redis: (await startPrivateRedis()).target },
      logger: makeLogger({ level: "silent" }),
      onLost: () => {},
      hide: (secrets) => hidden.push(secrets),
    });
    onTestFinished(() => app.stop());
    expect(hidden).toEqual([[FIAT_TOKEN]]);
    writeFileSync(path, plansFile().replace(FIAT_TOKEN, `${FIAT_TOKEN}-new`));
    expect(await app.reloadPlans()).toMatchObject({ ok: true });
    expect(hidden.at(-1)).toEqual([`${FIAT_TOKEN}-new`]);
  });
});
