// What a container does differently: it listens on every address, and there is no redis-server in it.
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { startApp } from "../../src/app.ts";
import { readConfig } from "../../src/config.ts";
import { openRedis } from "../../src/startup/redis.ts";
import { makeLogger } from "../../src/telemetry/logger.ts";
import { makeMetrics } from "../../src/telemetry/metrics.ts";
import { startPrivateRedis } from "../support/redis.ts";

const logger = makeLogger({ level: "silent" });

describe("without REDIS_URL where no redis-server is", () => {
  it("says that one of them is needed, and what is wrong with what was found", async () => {
    vi.stubEnv("REDIS_SERVER_BIN", "/nonexistent/redis-server");
    onTestFinished(() => void vi.unstubAllEnvs());
    const opened = openRedis({
      target: undefined,
      dataDir: "/nonexistent",
      logger,
      metrics: makeMetrics(),
      onLost: () => {},
    });
    await expect(opened).rejects.toMatchObject({
      code: "redis.noServer",
      details: { problems: [expect.stringContaining("REDIS_SERVER_BIN: /nonexistent/redis-server")] },
    });
  });
});

describe("the sandbox on every address", () => {
  it("is called by its own Telegram on the loopback address, the only one that it calls", async () => {
    const read = readConfig({ HOST: "0.0.0.0", PORT: "0", LOG_LEVEL: "silent" });
    if (!read.ok) throw new Error(read.problems.join("\n"));
    const config = { ...read.config, redis: (await startPrivateRedis()).target };
    const app = await startApp({ config, logger, onLost: () => {} });
    onTestFinished(() => app.stop());
    expect(new URL(app.url).hostname).toBe("127.0.0.1");
    expect((await fetch(`${app.url}/readyz`)).status).toBe(200);
  });
});
