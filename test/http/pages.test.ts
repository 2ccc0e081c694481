// The pages of the console and the charts, as files.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { brotliCompressSync, brotliDecompressSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { pageFoldersIn } from "../../src/http/pages.ts";
import { type Office, openOffice } from "./support/office.ts";

const SCRIPT = "export const page = 1;".repeat(50);
const root = mkdtempSync(join(tmpdir(), "pages-"));
const files: Readonly<Record<string, string | Buffer>> = {
  "pages/index.html": "<!doctype html><title>Console</title>",
  "pages/sandbox.html": "<!doctype html><title>Sandbox</title>",
  "pages/.built": "secret of the build",
  "pages/assets/index-abc123.js": SCRIPT,
  "pages/assets/index-abc123.js.br": brotliCompressSync(SCRIPT),
  "charts/order.svg": "<svg xmlns='http://www.w3.org/2000/svg'><style>.a{}</style></svg>",
  "charts/order.json": '{"machine":"order"}',
  "charts/order.mmd": "stateDiagram-v2",
  "charts/README.md": "# Charts",
  "secret.json": "{}",
};
let office: Office;
beforeEach(() => {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(root, name, ".."), { recursive: true });
    writeFileSync(join(root, name), content);
  }
  office = openOffice({ pageFolders: { pages: join(root, "pages"), charts: join(root, "charts") } });
});
afterEach(async () => {
  await office.server.close();
  rmSync(root, { recursive: true });
});
const get = (url: string, headers: Readonly<Record<string, string>> = { accept: "text/html,*/*" }) =>
  office.get(url, { role: null, headers });

describe("an address of the console", () => {
  it.each([
    ...["/console", "/console/", "/console/actors?machine=order", "/console/actors/order/o1/events/3"],
    ...["/console/customers/7", "/console/charts/order", "/console/charts"],
  ])("is its page, which is never kept without asking: %s", async (url) => {
    const answer = await get(url);
    expect([answer.statusCode, answer.payload]).toEqual([200, files["pages/index.html"]]);
    expect(answer.headers["content-type"]).toMatch(/^text\/html/);
    expect(answer.headers["cache-control"]).toBe("no-cache");
  });
  it("is nothing to a program that wants no page, nor is an unknown one of the pages' API", async () => {
    expect((await get("/console/customers/7", { accept: "application/json" })).statusCode).toBe(404);
    expect((await get("/console/api/nothing")).json()).toMatchObject({ code: "http.notFound" });
  });
  it("says what to do when the pages were not built, and the API works without", async () => {
    rmSync(join(root, "pages"), { recursive: true });
    const answer = await get("/console");
    expect([answer.statusCode, answer.payload]).toEqual([503, expect.stringContaining("npm run build:pages")]);
    expect((await office.get("/api/v1/me")).statusCode).toBe(200);
  });
});

describe("a script of a page", () => {
  const url = "/console/assets/index-abc123.js";
  it("is kept for good: its name changes with it", async () => {
    const answer = await get(url, {});
    expect([answer.statusCode, answer.payload]).toEqual([200, SCRIPT]);
    expect(answer.headers["cache-control"]).toMatch(/max-age=\d{8}, immutable/);
  });
  it("comes as it was compressed by the build", async () => {
    const answer = await get(url, { "accept-encoding": "gzip, br" });
    expect(answer.headers["content-encoding"]).toBe("br");
    expect(brotliDecompressSync(answer.rawPayload).toString()).toBe(SCRIPT);
  });
  it("is not found when it is not there", async () => {
    expect((await get("/console/assets/index-old.js")).json()).toMatchObject({ code: "http.notFound" });
  });
});

describe("a chart", () => {
  it("may bring its own styles and nothing else", async () => {
    const answer = await get("/console/charts/order.svg");
    expect([answer.statusCode, answer.payload]).toEqual([200, files["charts/order.svg"]]);
    expect(answer.headers).toMatchObject({
      "content-type": expect.stringMatching(/^image\/svg\+xml/),
      "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
      "cache-control": "no-cache",
    });
  });
  it("is there as data and as text", async () => {
    expect((await get("/console/charts/order.json")).json()).toEqual({ machine: "order" });
    expect((await get("/console/charts/order.mmd")).payload).toBe("stateDiagram-v2");
  });
  it("is not found when it is not there", async () => {
    expect((await get("/console/charts/robot.svg")).statusCode).toBe(404);
  });
});

describe("any other file", () => {
  it.each([
    ...["/console/charts/..%2fsecret.json", "/console/charts/%2e%2e%2fsecret.json", "/console/assets/..%2f.built"],
    ...["/console/assets/../../secret.json", "/console/.built", "/console/charts/README.md"],
  ])("is not to be had: %s", async (url) => {
    const answer = await get(url);
    expect(answer.payload).not.toMatch(/^\{\}$|secret of the build|# Charts/);
  });
});

describe("where the files are", () => {
  it("is in dist of a clone, and beside the code in what was built", () => {
    const clone = pathToFileURL(`${root}/`);
    expect(pageFoldersIn(clone)).toEqual({ pages: join(root, "console"), charts: join(root, "visualizations") });
    mkdirSync(join(root, "src/console"), { recursive: true });
    expect(pageFoldersIn(clone).pages).toBe(join(root, "dist/console"));
  });
});
