// The admin API is what docs/admin-api.md says it is.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { z } from "zod";
import { addressOf } from "../../machines/address.ts";
import { definitions } from "../../machines/registry.ts";
import { ADMIN_ROUTES } from "../../src/http/admin.ts";
import { EXAMPLES } from "../../src/http/examples.ts";
import { type AdminRoute, addressesOf } from "../../src/http/route.ts";
import { renderAdminApi } from "../../src/setup/docs/admin-api.ts";
import { mayDo } from "../../src/support/staff.ts";
import { STAFF_EVENT_MEANINGS } from "../../src/support/staff-events.ts";
import { CAUSE } from "../support/actors.ts";
import { type Office, openOffice, ROLES } from "./support/office.ts";

const ANNA = 7_012_345_678;
let office: Office;
beforeEach(async () => {
  office = openOffice({ advanceClock: async (ms) => ms });
  const event = { type: "contact.seen", username: "Anna_K", firstName: "Anna", language: "en", ref: null };
  await office.actors.send(addressOf.customer(ANNA), event, { cause: CAUSE });
});
afterEach(() => office.server.close());

const nameOf = ({ method, path }: { readonly method: string; readonly path: string }) => `${method} ${path}`;
const urlOf = ({ path }: AdminRoute) =>
  path.replace(":machine", "customer").replace(":id", String(ANNA)).replace(":seq", "1");
/** One that never ends is asked for something that it refuses. */
const isEndless = ({ path }: AdminRoute) => path === "/api/v1/live";
const call = (route: AdminRoute, role: (typeof ROLES)[number] = "owner", payload: object = {}) =>
  route.method === "GET"
    ? office.get(`${urlOf(route)}${isEndless(route) ? "?address=x" : ""}`, { role })
    : office.post(urlOf(route), payload, { role });

describe("a route of the admin API", () => {
  it("is never registered without a description, nor described without being there", async () => {
    const registered: string[] = [];
    const open = openOffice({
      watch: ({ method, url }) => {
        for (const name of [method].flat()) if (name !== "HEAD") registered.push(`${name} ${url}`);
      },
    });
    await open.server.ready();
    await open.server.close();
    const ofTheApi = registered.filter((name) => /^\w+ (?:\/api\/|\/console\/api\/)/.test(name));
    const described = ADMIN_ROUTES.flatMap((route) =>
      addressesOf(route).map((path) => nameOf({ method: route.method, path })),
    );
    expect(ofTheApi.sort()).toEqual(described.sort());
    expect(new Set(registered).size).toBe(registered.length);
  });

  it.each(ADMIN_ROUTES.map((route) => [nameOf(route), route] as const))(
    "lets in whom its description names, and nobody below: %s",
    async (_name, route) => {
      expect(route.does).toMatch(/^[A-Z].{10,}[.?]$/s);
      expect(route.answers).not.toBe("");
      for (const role of ROLES) {
        const { statusCode, payload } = await call(route, role);
        const isRefused = statusCode === 403 && payload.includes("http.forbidden");
        expect([role, isRefused]).toEqual([role, !mayDo(role, route.role)]);
      }
    },
  );

  it.each(ADMIN_ROUTES.filter(({ body }) => body).map((route) => [nameOf(route), route] as const))(
    "wants the fields that its description calls required, and no others: %s",
    async (_name, route) => {
      const shape: Readonly<Record<string, z.ZodType>> = route.body?.shape ?? {};
      const required = Object.entries(shape)
        .filter(([, schema]) => !schema.safeParse(undefined).success)
        .map(([name]) => name);
      const { statusCode, json } = await call(route, "owner", { other: 1 });
      expect(statusCode).toBe(400);
      const fields = json().fields.map((field: string) => field.split(":")[0]);
      expect(fields.sort()).toEqual([...required, "body"].sort());
    },
  );
});

describe("an actor's address that cannot be one", () => {
  it.each(ADMIN_ROUTES.filter(({ path }) => path.includes(":machine")).map((route) => [nameOf(route), route] as const))(
    "is answered as the description says: %s",
    async (_name, route) => {
      const body = {
        event: { type: "risk.blocked" },
        reason: "asked by phone",
        idempotencyKey: "command-1",
        targets: ["risk.blocked"],
        expectedSeq: 1,
      };
      const payload = Object.fromEntries(
        Object.keys(route.body?.shape ?? {}).flatMap((key) =>
          key in body ? [[key, body[key as keyof typeof body]]] : [],
        ),
      );
      for (const address of ["robot/1", "customer/abc"]) {
        const url = route.path.replace(":machine/:id", address).replace(":seq", "1");
        const response = route.method === "GET" ? await office.get(url) : await office.post(url, payload);
        if (response.statusCode !== 200)
          expect([url, route.errors]).toEqual([url, expect.arrayContaining([response.json().code])]);
      }
    },
  );
});

describe("the page about the admin API", () => {
  const page = renderAdminApi();
  it("has every route, with every field of its query and body", () => {
    for (const route of ADMIN_ROUTES) {
      const section = page.split(`\n### ${nameOf(route)}\n`)[1]?.split("\n##")[0] ?? "";
      expect(section, nameOf(route)).toContain(`Least role: ${route.role}.`);
      for (const field of [route.query, route.body].flatMap((schema) => Object.keys(schema?.shape ?? {})))
        expect(section).toMatch(new RegExp(`\\| \`${field}\` \\| [^|]+ \\| [^|]+ \\|`));
    }
    expect(page).not.toMatch(/undefined|\[object/);
  });

  it("has every event that staff may send, with its role, its fields and a meaning, and no others", () => {
    for (const { name, staffEvents } of definitions) {
      expect(Object.keys(STAFF_EVENT_MEANINGS[name] ?? {}).sort()).toEqual(Object.keys(staffEvents).sort());
      for (const [type, role] of Object.entries(staffEvents))
        expect(page).toMatch(new RegExp(`\\| \`${name}\` \\| \`${type}\` \\| ${role} \\| [^|]+ \\| [^|]+ \\|`));
    }
    expect(page).toContain("| `access`: `policy`, `revoke`, `keep` |");
    expect(page).toMatch(/`term\.granted`.*`terms`: .*`ms`: whole number, 1 to 3153600000000 or null/);
  });

  it.each(EXAMPLES.map((example) => [example.task, example] as const))(
    "shows a call that is taken: %s",
    async (_task, { method, path, body, saveAs }) => {
      expect(page).toContain(`"$API${path}"`);
      const response = method === "GET" ? await office.get(path) : await office.post(path, body ?? {});
      if (saveAs) expect(response.headers["content-disposition"]).toContain(saveAs);
      if (response.statusCode === 200) return;
      // Of an actor that is not there in this test: but the call was understood.
      expect(response.json().code).toMatch(/^actor\.(?:noActor|staleRevision)$/);
    },
  );

  it("shows no event that its actor would not take from staff", () => {
    for (const { path, body } of EXAMPLES) {
      const event = body?.event as { type: string } | undefined;
      if (!event) continue;
      const definition = definitions.find(({ name }) => path.startsWith(`/api/v1/actors/${name}/`));
      expect(Object.keys(definition?.staffEvents ?? {})).toContain(event.type);
      const signed = { ...event, by: "alice", reason: body?.reason };
      expect(definition?.event.safeParse(signed).error).toBeUndefined();
    }
  });
});

describe("the search for actors", () => {
  const find = async (query: string) => (await office.get(`/api/v1/actors?${query}`, { role: "viewer" })).json();
  it.each([`telegramId=${ANNA}`, "username=anna_k", "username=@Anna_K"])(
    "finds those of a person by %s",
    async (query) => {
      expect(await find(query)).toEqual({ actors: [addressOf.customer(ANNA)] });
    },
  );
  it("finds nothing for a stranger", async () => {
    expect(await find("telegramId=1")).toEqual({ actors: [] });
  });
  it.each(["", `telegramId=${ANNA}&username=anna_k`, "telegramId=", "chatId=-1001", `telegramId=${ANNA}&telegramId=2`])(
    "is refused with what it wants: ?%s",
    async (query) => {
      const { code, fields } = await find(query);
      expect(code).toBe("http.badRequest");
      expect(fields).toContainEqual(expect.any(String));
    },
  );
});
