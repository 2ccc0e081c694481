import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { readAnswer } from "../../src/backend/read-answer.ts";
import {
  ADMIN_KEY,
  CLIENT_KEY,
  EACH_CALL,
  eachCall,
  META,
  makeTestClient,
  rejection,
  SELLER,
  SHORT,
  SPREADSHEET,
  TOKEN,
} from "./support/client.ts";
import { type Fault, type Reply, startScriptedBackend } from "./support/scripted-backend.ts";

const SECRETS = [ADMIN_KEY, CLIENT_KEY, TOKEN, TOKEN.split(".")[1] ?? ""];

/** Everything that a logger, an error reporter or a careless `console.log` could make of a value. */
const shown = (value: unknown): string => {
  const texts = [
    inspect(value, { depth: null, showHidden: true, getters: true }),
    JSON.stringify(value) ?? "",
    String(value),
  ];
  const cause = value instanceof Error ? value.cause : undefined;
  return [...texts, ...(cause === undefined ? [] : [shown(cause)])].join("\n");
};

const leaksIn = (value: unknown): string[] => SECRETS.filter((secret) => shown(value).includes(secret));

/** A backend that repeats what it was sent, wherever it can. */
const echo = {
  success: false,
  message: `bad ${TOKEN} with ${ADMIN_KEY}`,
  request_id: `${ADMIN_KEY} `,
  details: { reason: TOKEN, token: TOKEN, key: CLIENT_KEY, [TOKEN]: 1 },
  token: TOKEN,
};

const ENDS: readonly (readonly [string, Reply | Fault])[] = [
  ...[400, 401, 403, 404, 409, 413, 415, 422, 429, 500, 502, 503, 504].map(
    (status) => [String(status), { status, body: echo }] as const,
  ),
  ["200 with success: false", { body: echo }],
  [
    "200 of another form",
    { body: { success: true, [TOKEN]: TOKEN, result: { [TOKEN]: TOKEN }, rows: [{ [TOKEN]: {} }] } },
  ],
  ["text", { body: `${TOKEN} ${ADMIN_KEY}` }],
  ["a redirect", { status: 302, body: "", headers: { location: `http://127.0.0.1/${TOKEN}` } }],
  ["a hanging answer", "hang"],
  ["a broken connection", "reset"],
];

describe.each(ENDS)("a call that ends in %s", (_what, reply) => {
  it("leaves no credential and no token in its error, its report or its alert", async () => {
    const backend = await startScriptedBackend(reply);
    for (const name of Object.keys(EACH_CALL)) {
      // A client each: what one of them has learnt keeps the next from calling.
      const { client, reports, alerts } = makeTestClient(backend.url, { clientKey: CLIENT_KEY, timeouts: SHORT });
      const end = await eachCall(name)(client).catch((error: unknown) => error);
      expect([name, leaksIn(end), leaksIn(reports), leaksIn(alerts)]).toEqual([name, [], [], []]);
      expect(leaksIn(client)).toEqual([]);
    }
    expect(backend.calls).toHaveLength(Object.keys(EACH_CALL).length);
  });
});

describe("the test itself", () => {
  it("sees a secret in a member, a hidden member and a cause", () => {
    const hidden = Object.defineProperty(new Error("x"), "request", { value: { auth: ADMIN_KEY }, enumerable: false });
    expect(leaksIn({ deep: [{ auth: ADMIN_KEY }] })).toEqual([ADMIN_KEY]);
    expect(leaksIn(hidden)).toEqual([ADMIN_KEY]);
    expect(leaksIn(new Error("x", { cause: new Error(CLIENT_KEY) }))).toEqual([CLIENT_KEY]);
  });
});

describe("an answer of getWbTokens that holds raw tokens", () => {
  it.each([
    ["in its entries", { success: true, result: [{ sid: SELLER, token: TOKEN }] }],
    ["without success", { result: [{ sid: SELLER, token: TOKEN }] }],
    [
      "deeper than the contract says",
      { success: true, result: [{ sid: SELLER, raw: { token: TOKEN } }], token: TOKEN },
    ],
  ])("(%s) is handed on without them", async (_where, body) => {
    const backend = await startScriptedBackend({ body });
    const { client, reports } = makeTestClient(backend.url);
    const tokens = await client.getWbTokens({ spreadsheetId: SPREADSHEET }, META);
    expect(tokens).toEqual([{ sid: SELLER, tokenSuffix: null, expiresAt: null }]);
    expect(leaksIn([tokens, reports])).toEqual([]);
  });

  it.each(["getWbTokens", "addWbToken"] as const)("loses them while it is parsed (%s)", (name) => {
    const entry = { spreadsheet_id: SPREADSHEET, sid: SELLER, token: TOKEN };
    const text = JSON.stringify({ success: true, result: name === "addWbToken" ? entry : [entry], token: TOKEN });
    const reading = readAnswer(name, { status: 200, text, header: () => null }, { spreadsheetId: SPREADSHEET });
    expect(reading.kind).toBe("success");
    expect(leaksIn(reading)).toEqual([]);
  });

  it("as a suffix that is too long is not believed", async () => {
    const backend = await startScriptedBackend({
      body: { success: true, result: [{ sid: SELLER, token_suffix: TOKEN }] },
    });
    const { client } = makeTestClient(backend.url);
    const error = await rejection(client.getWbTokens({ spreadsheetId: SPREADSHEET }, META));
    expect(error).toMatchObject({ code: "backend.invalidAnswer" });
    expect(leaksIn(error)).toEqual([]);
  });
});
