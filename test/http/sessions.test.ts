// A session of the console: who gets one, and what it dies of.
import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AdminDeps } from "../../src/http/admin.ts";
import { SESSION_MS } from "../../src/http/sessions.ts";
import { type Office, openOffice } from "./support/office.ts";

const ME = "/console/api/me";
const PAGE = { origin: "http://localhost:80", "sec-fetch-site": "same-origin", "x-requested-with": "console" };
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const offices: Office[] = [];
let office: Office;
const open = (overrides: Parameters<typeof openOffice>[0] = {}): Office => {
  const made = openOffice(overrides);
  offices.push(made);
  return made;
};
beforeEach(() => {
  office = open();
});
afterEach(async () => {
  for (const { server } of offices.splice(0)) await server.close();
});

const login = (token: string, { at = office, headers = {} as Readonly<Record<string, string>> } = {}) =>
  at.post("/console/session", { token }, { role: null, headers: { ...PAGE, ...headers } });
const cookieOf = (answer: Awaited<ReturnType<typeof login>>): string =>
  String(answer.headers["set-cookie"]).split(";")[0] ?? "";
const me = (cookie: string, at = office) => at.get(ME, { role: null, headers: { cookie } });

describe("a person who shows a token", () => {
  it("is known by a cookie from then on", async () => {
    const answer = await login("token-of-support");
    expect([answer.statusCode, answer.json()]).toEqual([200, { name: "support-1", role: "support" }]);
    expect((await me(cookieOf(answer))).json()).toMatchObject({ name: "support-1", role: "support" });
  });
  it("gets a cookie that no script reads and no other site sends", async () => {
    const said = String((await login("token-of-support")).headers["set-cookie"]);
    for (const attribute of ["HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=43200"])
      expect(said).toContain(attribute);
    expect(said).not.toContain("token-of-support");
  });
  it.each([
    ["http://localhost:80", "localhost:80", false],
    ["http://127.0.0.1:8080", "127.0.0.1:8080", false],
    ["https://console.example.org", "console.example.org", true],
    ["http://console.example.org", "console.example.org", true],
  ])("gets one for https alone, but on this machine: %s", async (origin, host, isSecure) => {
    const at = open({ consoleHosts: ["console.example.org"] });
    const said = String((await login("token-of-owner", { at, headers: { host, origin } })).headers["set-cookie"]);
    expect(said.includes("Secure")).toBe(isSecure);
  });
  it("may do by it what the role allows, and no more", async () => {
    const headers = { cookie: cookieOf(await login("token-of-viewer")) };
    expect((await office.get("/api/v1/quarantine", { role: null, headers })).statusCode).toBe(200);
    expect((await office.get("/api/v1/ledger", { role: null, headers })).statusCode).toBe(403);
  });
});

describe("a person who guesses", () => {
  it("gets no cookie, and is locked out after ten tries, here and at the API", async () => {
    for (let tries = 0; tries < 10; tries += 1) {
      const answer = await login("guess");
      expect([answer.statusCode, answer.headers["set-cookie"]]).toEqual([401, undefined]);
    }
    expect((await login("token-of-owner")).statusCode).toBe(429);
    expect((await office.get("/api/v1/me")).statusCode).toBe(429);
  });
  it.each([{}, { token: "" }, { token: 1 }, { token: "x", more: 1 }])("says what it should: %j", async (body) => {
    expect((await office.post("/console/session", body, { role: null, headers: PAGE })).statusCode).toBe(400);
  });
  it("cannot sign in by somebody else's page", async () => {
    const answer = await login("token-of-owner", { headers: { origin: "https://evil.example" } });
    expect([answer.statusCode, answer.headers["set-cookie"]]).toEqual([403, undefined]);
  });
});

describe("a session", () => {
  let cookie: string;
  beforeEach(async () => {
    cookie = cookieOf(await login("token-of-support"));
  });
  const statusWith = async (value: string, at = office) => (await me(value, at)).statusCode;
  /** Another process of the service, or the same one after a restart. */
  const later = (overrides: Partial<AdminDeps> = {}) => {
    const at = open(overrides);
    at.wall.time = office.wall.time;
    return at;
  };

  it("is taken by another process as well", async () => {
    expect(await statusWith(cookie, later())).toBe(200);
  });
  it("is over after twelve hours", async () => {
    office.wall.time += SESSION_MS - 1;
    expect(await statusWith(cookie)).toBe(200);
    office.wall.time += 1;
    expect(await statusWith(cookie)).toBe(401);
  });
  it("dies when its token leaves ADMIN_TOKENS", async () => {
    expect(
      await statusWith(
        cookie,
        later({ tokens: [{ name: "owner-1", role: "owner", sha256: sha256("token-of-support") }] }),
      ),
    ).toBe(401);
  });
  it("dies when its person gets another token or another role", async () => {
    const person = { name: "support-1", role: "support", sha256: sha256("token-of-support") } as const;
    expect(await statusWith(cookie, later({ tokens: [person] }))).toBe(200);
    expect(await statusWith(cookie, later({ tokens: [{ ...person, sha256: sha256("another") }] }))).toBe(401);
    expect(await statusWith(cookie, later({ tokens: [{ ...person, role: "owner" }] }))).toBe(401);
  });
  it("is signed by the first of the keys, and lives on while its key is among them", async () => {
    const [k1, k2] = [1, 2].map((byte) => ({ id: `k${byte}`, key: Buffer.alloc(32, byte) }));
    if (!k1 || !k2) throw new Error("two keys");
    expect(await statusWith(cookie, later({ keys: [k2, k1] }))).toBe(200);
    expect(await statusWith(cookie, later({ keys: [k2] }))).toBe(401);
    expect(await statusWith(cookie, later({ keys: [{ ...k2, id: "k1" }] }))).toBe(401);
  });
  it("dies at logout, wherever the cookie was copied to", async () => {
    const end = await office.post("/console/session/end", {}, { role: null, headers: { ...PAGE, cookie } });
    expect(end.json()).toEqual({ ended: true });
    expect(String(end.headers["set-cookie"])).toMatch(/^console_session=;.*Expires=Thu, 01 Jan 1970/);
    expect(await statusWith(cookie)).toBe(401);
    const another = cookieOf(await login("token-of-support"));
    expect(await statusWith(another)).toBe(200);
  });
  it("is no session when a letter of it was changed", async () => {
    const value = cookie.slice("console_session=".length);
    const [body = "", signature = ""] = value.split(".");
    const claims = JSON.parse(Buffer.from(body, "base64url").toString());
    const asOwner = Buffer.from(JSON.stringify({ ...claims, name: "owner-1" })).toString("base64url");
    const forged = [
      ...[`${asOwner}.${signature}`, `${body}.`, body, `.${signature}`, "x.y", "", `${body}.${"A".repeat(43)}`],
      Buffer.from(JSON.stringify({ ...claims, expiresAt: claims.expiresAt + 1 })).toString("base64url") +
        `.${signature}`,
    ];
    for (const text of forged) expect([text, await statusWith(`console_session=${text}`)]).toEqual([text, 401]);
  });
  it("changes nothing by somebody else's page", async () => {
    const headers = { cookie, "x-requested-with": "console", origin: "https://evil.example" };
    expect((await office.post("/console/session/end", {}, { role: null, headers })).statusCode).toBe(403);
    expect(await statusWith(cookie)).toBe(200);
  });
});
