// The commands, on the embedded Redis of a service that has stopped.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { expect, it, onTestFinished, vi } from "vitest";
import { Keys } from "../../src/redis/keys.ts";
import type { CommandOptions } from "../../src/startup/backup-command.ts";
import { runExport } from "../../src/startup/export.ts";
import { runImport } from "../../src/startup/import.ts";
import { openRedis } from "../../src/startup/redis.ts";
import { makeLogger } from "../../src/telemetry/logger.ts";
import { makeMetrics } from "../../src/telemetry/metrics.ts";
import { FIAT_TOKEN, plansFile } from "../journeys/support/plans.ts";

vi.setConfig({ testTimeout: 30_000 });

it("copies a deployment to another directory, and says what stands in the way", async () => {
  const directory = mkdtempSync(join(tmpdir(), "tgs-commands-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const at = (name: string) => join(directory, name);
  writeFileSync(at("plans.yaml"), plansFile());
  const run = async (command: (options: CommandOptions) => Promise<number>, home: string, ...args: string[]) => {
    let said = "";
    const env = { DATA_DIR: at(home), PLANS_FILE: at("plans.yaml") };
    const print = (text: string) => {
      said += text;
    };
    return { code: await command({ env, args, print, progress: print }), said };
  };
  const inRedis = async <T>(home: string, work: (redis: Awaited<ReturnType<typeof openRedis>>) => Promise<T>) => {
    const deps = { logger: makeLogger({ level: "silent" }), metrics: makeMetrics(), onLost: () => {} };
    const redis = await openRedis({ target: undefined, dataDir: at(home), ...deps });
    try {
      return await work(redis);
    } finally {
      await redis.close();
    }
  };
  await inRedis("one", ({ client }) => client.hset(new Keys().pseudonyms(), "5", "erased-1"));

  const file = at("export.jsonl.gz");
  expect((await run(runExport, "one")).said).toMatch(/--out FILE/);
  expect(await run(runExport, "one", "--out", file)).toMatchObject({
    code: 0,
    said: expect.stringMatching(/0 actors, 2 lines/),
  });
  const text = gunzipSync(readFileSync(file)).toString("utf8");
  expect(text).toContain("club-quarter");
  expect(text, "a payment provider's token").not.toContain(FIAT_TOKEN);
  expect(await run(runExport, "one", "--out", file)).toMatchObject({
    code: 2,
    said: expect.stringMatching(/choose another name/),
  });
  expect(await run(runExport, "one", "--out", at("no/such/place"))).toMatchObject({ code: 2 });
  expect(readdirSync(directory).filter((name) => name.endsWith(".part"))).toEqual([]);

  expect(await run(runImport, "two", "--in", file, "--dry-run")).toMatchObject({
    code: 0,
    said: expect.stringMatching(/file is whole/),
  });
  expect(await run(runImport, "two", "--in", file)).toMatchObject({
    code: 0,
    said: expect.stringMatching(/Imported: plan 1, record 1/),
  });
  expect(await inRedis("two", ({ client }) => client.hgetall(new Keys().pseudonyms()))).toEqual({ 5: "erased-1" });
  expect(await run(runImport, "two", "--in", file)).toMatchObject({
    code: 2,
    said: expect.stringMatching(/holds data already.*\n.*1 keys, such as tgs:/),
  });
  expect(await run(runImport, "two", "--in", file, "--dry-run")).toMatchObject({
    code: 0,
    said: expect.stringMatching(/file is whole.*\n.*holds data already \(1 keys, such as tgs:.*would be refused/),
  });
  expect(await run(runImport, "two", "--in", at("plans.yaml"))).toMatchObject({
    code: 2,
    said: expect.stringMatching(/no export of this service/),
  });

  await inRedis("two", ({ client }) => client.set(new Keys().unfinishedImport(), "1"));
  expect(await run(runExport, "two", "--out", at("another"))).toMatchObject({
    code: 1,
    said: expect.stringMatching(/has not ended/),
  });
});
