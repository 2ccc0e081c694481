// Who may use the page's API: this machine, and pages of the service's own; from elsewhere an owner.
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { startApp } from "../../../src/app.ts";
import { readConfig } from "../../../src/config.ts";
import { TelegramEmulator } from "../../../src/sandbox/telegram/emulator.ts";
import { makeLogger } from "../../../src/telemetry/logger.ts";
import { usePage } from "./support.ts";

const digest = (token: string) => createHash("sha256").update(token).digest("hex");
const page = usePage({
  env: { ADMIN_TOKENS: `olga:owner:${digest("token-of-olga")},vera:viewer:${digest("token-of-vera")}` },
});

/** By hand: fetch refuses to send these headers. */
const statusWith = (headers: Record<string, string>, path = "/sandbox/api/state"): Promise<number> =>
  new Promise((resolve, reject) => {
    request(`${page.current.stage.app.url}${path}`, { headers, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on("error", reject)
      .end();
  });

it("answers its own pages and programs of this machine", async () => {
  expect(await statusWith({})).toBe(200);
  expect(await statusWith({ "sec-fetch-site": "same-origin" })).toBe(200);
});

it.each([
  ["another site's page", { "sec-fetch-site": "cross-site" }],
  ["another name of this machine", { host: "evil.example" }],
  ["somebody behind a proxy", { "x-forwarded-for": "203.0.113.9" }],
])("refuses %s", async (_, headers) => {
  expect(await statusWith(headers)).toBeGreaterThanOrEqual(400);
});

it("lets an owner with a token in from anywhere: a container's own host is another machine", async () => {
  const elsewhere = { "x-forwarded-for": "203.0.113.9" };
  expect(await statusWith({ ...elsewhere, authorization: "Bearer token-of-olga" })).toBe(200);
  expect(await statusWith({ ...elsewhere, authorization: "Bearer token-of-vera" })).toBe(403);
  expect(
    await statusWith({ ...elsewhere, authorization: "Bearer token-of-olga", "sec-fetch-site": "cross-site" }),
  ).toBe(403);
  // Whoever opens the page itself is shown where to sign in.
  expect(await statusWith(elsewhere, "/sandbox")).toBe(302);
  expect(await statusWith({ ...elsewhere, authorization: "Bearer token-of-olga" }, "/sandbox")).not.toBe(302);
});

it.each([
  ["another site", () => "https://evil.example"],
  ["its own pages without their header", () => page.current.stage.app.url],
])("refuses to change anything for %s, and says which header is missing", async (_, origin) => {
  const { stage } = page.current;
  const response = await fetch(`${stage.app.url}/sandbox/api/do`, {
    method: "POST",
    body: JSON.stringify({ do: "start" }),
    headers: { "content-type": "application/json", origin: origin() },
  });
  expect(response.status).toBe(403);
  expect(await response.text()).toContain("x-requested-with: console");
});

it("is what the bare address leads to, and every answer has the headers for browsers", async () => {
  const { url } = page.current.stage.app;
  const home = await fetch(`${url}/`, { redirect: "manual" });
  expect(home.status).toBe(302);
  expect(home.headers.get("location")).toBe("/sandbox");
  for (const path of ["/", "/sandbox", "/sandbox/api/state", "/nothing/here", "/healthz"]) {
    const { headers } = await fetch(`${url}${path}`, { redirect: "manual" });
    expect(headers.get("content-security-policy"), path).toContain("default-src 'self'");
    expect(headers.get("x-content-type-options"), path).toBe("nosniff");
  }
});

it("refuses what is no deed, and names the field", async () => {
  const { status, body } = await page.current.call("POST", "/do", { do: "advance", ms: -1 });
  expect(status).toBe(400);
  expect(JSON.stringify(body)).toContain("ms");
});

it("says what went wrong in the state, and goes on", async () => {
  const state = await page.current.does({ do: "join" });
  expect(state.trouble?.text).toBe("noInvitation");
  expect((await page.current.does({ do: "start" })).trouble).toBeNull();
});

it("tells each change as it happens", async () => {
  const abort = new AbortController();
  const response = await fetch(`${page.current.stage.app.url}/sandbox/api/live`, { signal: abort.signal });
  expect(response.headers.get("content-type")).toContain("text/event-stream");
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  const until = async (pattern: RegExp) => {
    while (!pattern.test(text)) text += (await reader?.read())?.value ?? "";
  };
  await until(/event: state\ndata: .*\n\n/);
  void page.current.does({ do: "say", text: "/terms" });
  await until(/"text":"\/terms"/);
  abort.abort();
});

it("is not there with a token", async () => {
  const token = `123456:${"t".repeat(35)}`;
  const telegram = new TelegramEmulator({ clock: { now: Date.now }, token });
  await telegram.start();
  const dataDir = mkdtempSync(join(tmpdir(), "tgs-token-"));
  const read = readConfig({
    BOT_TOKEN: token,
    TELEGRAM_API_ROOT: telegram.apiRoot,
    SEALING_KEYS: `k1:${Buffer.alloc(32, 7).toString("base64")}`,
    PORT: "0",
    DATA_DIR: dataDir,
    LOG_LEVEL: "silent",
  });
  if (!read.ok) throw new Error(read.problems.join("\n"));
  const app = await startApp({ config: read.config, logger: makeLogger({ level: "silent" }), onLost: () => {} });
  try {
    for (const path of ["/sandbox/api/state", "/sandbox/api/live", "/sandbox/api/scenario"])
      expect((await fetch(`${app.url}${path}`)).status, path).toBe(404);
  } finally {
    await app.stop();
    await telegram.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
});
