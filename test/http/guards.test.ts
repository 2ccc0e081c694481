// What every request for the console and the API has to be, before anybody is asked who they are.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Office, openOffice } from "./support/office.ts";

let office: Office;
beforeEach(() => {
  office = openOffice({ host: "10.1.2.3", consoleHosts: ["console.example.org", "desk.example.org:8443"] });
});
afterEach(() => office.server.close());

const ME = "/api/v1/me";
const COMMAND = "/api/v1/quarantine/customer/1/release";
const codeOf = (answer: { readonly payload: string }) => JSON.parse(answer.payload).code;

describe("the name by which the service is called", () => {
  it.each([
    ...["localhost", "localhost:8080", "127.0.0.1:8080", "[::1]:8080", "10.1.2.3:8080"],
    ...["console.example.org", "CONSOLE.example.org:80", "desk.example.org:8443"],
  ])("may be one of ours: %s", async (host) => {
    expect((await office.get(ME, { headers: { host } })).statusCode).toBe(200);
  });
  it.each([
    ...[
      "evil.example",
      "evil.example:8080",
      "localhost.evil.example",
      "127.0.0.1.evil.example",
      "127.0.0.1@evil.example",
    ],
    ...["console.example.org:9", "desk.example.org", "10.1.2.4", "x@localhost"],
  ])("may be no other: %j", async (host) => {
    for (const url of [ME, "/console/api/me", "/console", "/console/assets/x.js", "/console/charts/order.svg"]) {
      const answer = await office.get(url, { headers: { host } });
      expect([url, answer.statusCode, codeOf(answer)]).toEqual([url, 403, "http.unknownHost"]);
    }
  });
  it("does not come from a header that anybody may add", async () => {
    const headers = { host: "evil.example", "x-forwarded-host": "localhost" };
    expect((await office.get(ME, { headers })).statusCode).toBe(403);
  });
});

describe("a change", () => {
  const change = (headers: Readonly<Record<string, string>>, role: "owner" | null = "owner") =>
    office.post(COMMAND, {}, { role, headers: { host: "localhost:8080", ...headers } });
  const PAGE = { origin: "http://localhost:8080", "sec-fetch-site": "same-origin", "x-requested-with": "console" };
  const isStopped = async (headers: Readonly<Record<string, string>>, role?: "owner" | null) =>
    codeOf(await change(headers, role)) === "http.otherSite";

  it.each([
    ["of another site", { "sec-fetch-site": "cross-site" }],
    ["of a neighbour's name", { "sec-fetch-site": "same-site" }],
    ["of another site, in an old browser", { origin: "https://evil.example" }],
    ["of another port of this machine", { origin: "http://localhost:3000" }],
    ["of no site", { origin: "null" }],
    ["that says two things", { ...PAGE, origin: "https://evil.example" }],
  ])("is not made by a page %s, with a token or without", async (_name, headers) => {
    expect(await isStopped(headers)).toBe(true);
    expect(await isStopped({ ...headers, "x-requested-with": "console" }, null)).toBe(true);
    expect((await change(headers)).statusCode).toBe(403);
  });
  it("is made by a page of ours, which says so in a header", async () => {
    expect(await isStopped(PAGE, null)).toBe(false);
    const { "x-requested-with": _, ...silent } = PAGE;
    expect(await isStopped(silent, null)).toBe(true);
  });
  it("is made by a page of ours behind a proxy that calls us by another name", async () => {
    expect(await isStopped({ ...PAGE, origin: "https://console.example.org" }, null)).toBe(false);
  });
  it("is made by a program with a token, which no browser speaks for", async () => {
    expect(await isStopped({})).toBe(false);
  });
  it("is not made with a session that came without a page", async () => {
    expect(await isStopped({ cookie: "console_session=x.y", "x-requested-with": "console" }, null)).toBe(true);
    expect(await isStopped({ cookie: "console_session=x.y", ...PAGE }, null)).toBe(false);
  });
});

describe("an answer of the console or the API", () => {
  it.each([ME, "/console", "/console/assets/x.js"])("tells browsers to be careful: %s", async (url) => {
    const { headers } = await office.get(url);
    expect(headers["content-security-policy"]).toBe(
      "default-src 'self';frame-ancestors 'none';base-uri 'none';form-action 'self';object-src 'none'",
    );
    expect(headers).toMatchObject({
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "referrer-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
    });
  });
  it("invites no other site, whatever it asks", async () => {
    const asks = { origin: "https://evil.example", "access-control-request-method": "POST" };
    const answers = [
      await office.get(ME, { headers: asks }),
      await office.server.inject({ method: "OPTIONS", url: ME, headers: asks }),
    ];
    for (const { headers } of answers)
      expect(Object.keys(headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
  });
});

describe("somebody who never stops asking", () => {
  it("is told when to come again, and nobody else is", async () => {
    const busy = openOffice({ requestsPerMinute: 3 });
    const ask = async (remoteAddress: string) => busy.get(ME, { remoteAddress });
    for (let asked = 0; asked < 3; asked += 1) expect((await ask("192.0.2.1")).statusCode).toBe(200);
    const refused = await ask("192.0.2.1");
    expect([refused.statusCode, codeOf(refused)]).toEqual([429, "http.tooManyRequests"]);
    expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
    expect((await ask("192.0.2.2")).statusCode).toBe(200);
    await busy.server.close();
  });
});

describe("a service for which no tokens were set", () => {
  it.each([ME, "/console", "/console/charts/order.svg"])(
    "refuses everybody and says how to make one: %s",
    async (url) => {
      const closed = openOffice({ tokens: [] });
      const answer = await closed.get(url, { role: null, remoteAddress: "127.0.0.1" });
      expect(answer.statusCode).toBe(401);
      expect(answer.payload).toMatch(/ADMIN_TOKENS.*openssl rand -hex 32/);
      await closed.server.close();
    },
  );
  it("refuses a token with the same sentence", async () => {
    const closed = openOffice({ tokens: [] });
    expect(codeOf(await closed.get(ME))).toBe("http.noStaff");
    await closed.server.close();
  });
  it("lets the visitor of a sandbox on this machine in", async () => {
    const sandbox = openOffice({ tokens: [], openToLoopback: true });
    const answer = await sandbox.get(ME, { role: null, remoteAddress: "127.0.0.1" });
    expect(answer.json()).toMatchObject({ name: "sandbox", role: "owner" });
    expect((await sandbox.get(ME, { role: null })).statusCode).toBe(401);
    await sandbox.server.close();
  });
});
