import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  checkWbToken,
  REQUIRED_WB_SCOPES,
  WB_SCOPES,
  type WbTokenReason,
  type WbTokenRules,
  type WbTokenWarning,
} from "../../src/inputs/wb-token.ts";
import { SEED, seeded } from "../support/seeds.ts";
import {
  FINANCE_BIT,
  goodPayload,
  makeWbToken,
  READ_ONLY_BIT,
  REQUIRED_BITS,
  SERVICE_ID,
  SID,
  withBits,
} from "../support/wb-token.ts";

const NOW = Date.UTC(2026, 10, 23, 9);
const HOUR_S = 3_600;
const DAY_S = 24 * HOUR_S;
const inSeconds = (seconds: number) => ({ exp: NOW / 1_000 + seconds });
const RULES: WbTokenRules = { nowMs: NOW, isDemo: false, serviceId: SERVICE_ID, personalTokens: "refuse" };
const check = (payload: Readonly<Record<string, unknown>> = {}, rules: Partial<WbTokenRules> = {}) =>
  checkWbToken(makeWbToken(NOW, payload), { ...RULES, ...rules });
const GOOD = [...REQUIRED_BITS, FINANCE_BIT, READ_ONLY_BIT];
const without = (...bits: readonly number[]) => withBits(...GOOD.filter((bit) => !bits.includes(bit)));

type Payload = Readonly<Record<string, unknown>>;
/** What it is, what is different in it, what is found, and what is different in the rules. */
type Case<Finding> = readonly [string, Payload, readonly Finding[], Partial<WbTokenRules>?];
const complete = <Finding>(cases: readonly Case<Finding>[]) =>
  cases.map(([what, payload, findings, rules = {}]) => [what, payload, findings, rules] as const);

describe("a token that is as it should be", () => {
  it("is accepted, with all that it says and nothing to complain about", () => {
    expect(check()).toEqual({
      ok: true,
      sid: SID,
      expiresAtMs: NOW + 180 * DAY_S * 1_000,
      kind: "service",
      readOnly: true,
      scopes: ["content", "analytics", "prices", "statistics", "promotion", "finance"],
      reasons: [],
      warnings: [],
    });
  });
  it.each([
    ["spaces around", (token: string) => ` \n${token}\t`],
    ["Bearer in front", (token: string) => `Bearer ${token}`],
    ["both", (token: string) => `  bearer  ${token} `],
  ])("is accepted with %s", (_what, write) => {
    expect(checkWbToken(write(makeWbToken(NOW)), RULES)).toEqual(check());
  });
  it("does not appear in the result, nor does a part of it", () => {
    const token = makeWbToken(NOW);
    const result = JSON.stringify(checkWbToken(token, RULES));
    for (const part of token.split(".")) expect(result).not.toContain(part.slice(0, 12));
  });
});

describe("a token with something against it", () => {
  const CASES: readonly Case<WbTokenReason>[] = [
    ["a day left to the second", inSeconds(DAY_S), []],
    ["a second less than a day left", inSeconds(DAY_S - 1), ["expired"]],
    ["its end in the past", inSeconds(-1), ["expired"]],
    ["its end in 1970", { exp: 0 }, ["expired"]],
    ["the sandbox's mark", { t: true }, ["sandbox"]],
    ["the sandbox's mark, in a demo", { t: true }, [], { isDemo: true }],
    ["a mark that is no mark", { t: 1 }, []],
    ["the test kind", { acc: 2, for: undefined }, ["sandbox"]],
    ["the test kind, in a demo", { acc: 2, for: undefined }, [], { isDemo: true }],
    ["no content", without(1), ["missing_scope:content"]],
    ["no analytics", without(2), ["missing_scope:analytics"]],
    ["no prices", without(3), ["missing_scope:prices"]],
    ["no statistics", without(5), ["missing_scope:statistics"]],
    ["no promotion", without(6), ["missing_scope:promotion"]],
    ["no rights at all", { s: 0 }, REQUIRED_WB_SCOPES.map((scope) => `missing_scope:${scope}` as const)],
    ["another service's id", { for: "asid:somebody-else" }, ["wrong_service"]],
    ["no service's id", { for: undefined }, ["wrong_service"]],
    ["our id, but we have none", {}, ["wrong_service"], { serviceId: null }],
    ["an id where we have none", { for: "asid:null" }, ["wrong_service"], { serviceId: null }],
    ["the personal kind", { acc: 3, for: "self" }, ["personal_token"]],
    ["the personal kind, where it is only warned of", { acc: 3, for: "self" }, [], { personalTokens: "warn" }],
    ["the basic kind", { acc: 1, for: undefined }, []],
    ["no kind", { acc: undefined, for: undefined }, []],
    ["a kind nobody knows", { acc: 9, for: undefined }, []],
    [
      "several things at once",
      { ...without(1, 6), acc: 2, ...inSeconds(5) },
      ["expired", "sandbox", "missing_scope:content", "missing_scope:promotion"],
    ],
  ];
  it.each(complete(CASES))("(%s) is refused for that and for nothing else", (_what, payload, reasons, rules) => {
    const result = check(payload, rules);
    expect(result.reasons).toEqual(reasons);
    expect(result.ok).toBe(reasons.length === 0);
    expect(result.sid).toBe(SID);
  });
});

describe("a token with something to mention", () => {
  const CASES: readonly Case<WbTokenWarning>[] = [
    ["fourteen days left to the second", inSeconds(14 * DAY_S), []],
    ["a second less than fourteen days left", inSeconds(14 * DAY_S - 1), ["expires_soon"]],
    ["the right to write", without(READ_ONLY_BIT), ["write_access"]],
    ["no finance", without(FINANCE_BIT), ["no_finance"]],
    ["the basic kind", { acc: 1, for: undefined }, ["basic_token"]],
    ["no kind", { acc: undefined, for: undefined }, ["basic_token"]],
    ["the personal kind, where it is taken", { acc: 3, for: "self" }, ["personal_token"], { personalTokens: "warn" }],
    ["the personal kind, where it is refused", { acc: 3, for: "self" }, []],
    [
      "all of it",
      { ...withBits(...REQUIRED_BITS), acc: 1, ...inSeconds(2 * DAY_S) },
      ["expires_soon", "write_access", "no_finance", "basic_token"],
    ],
  ];
  it.each(complete(CASES))("(%s) is warned of", (_what, payload, warnings, rules) => {
    expect(check(payload, rules).warnings).toEqual(warnings);
  });
  it.each([
    [1, "basic"],
    [2, "test"],
    [3, "personal"],
    [4, "service"],
    [undefined, "basic"],
    [null, "basic"],
    [5, "unknown"],
    ["3", "unknown"],
  ])("of acc %j is of kind %s", (acc, kind) => {
    expect(check({ acc }).kind).toBe(kind);
  });
});

describe("what is no token", () => {
  const [header = "", payload = "", signature = ""] = makeWbToken(NOW).split(".");
  const asPart = (text: string | Buffer) => Buffer.from(text).toString("base64url");
  it.each<readonly [string, string]>([
    ["nothing", ""],
    ["Bearer alone", "Bearer "],
    ["words", "где мне взять этот ваш токен, подскажите пожалуйста"],
    ["two parts", `${header}.${payload}`],
    ["four parts", `${header}.${payload}.${signature}.x`],
    ["an empty part", `${header}.${payload}.`],
    ["a space inside", `${header}.${payload}. ${signature}`],
    ["a line break inside", `${header}.${payload.slice(0, 20)}\n${payload.slice(20)}.${signature}`],
    ["padding", `${header}.${payload}=.${signature}`],
    ["the other base64", `${header}.${payload}.${signature.slice(0, -1)}+`],
    ["a part of a length that no bytes give", `${header}.${payload}.aaaaa`],
    ["a header that is no JSON", `${asPart("{alg:ES256}")}.${payload}.${signature}`],
    ["a header that is a list", `${asPart("[]")}.${payload}.${signature}`],
    ["a payload that is null", `${header}.${asPart("null")}.${signature}`],
    ["a payload that is a text", `${header}.${asPart('"x"')}.${signature}`],
    ["a payload that is not UTF-8", `${header}.${asPart(Buffer.from([0x7b, 0xff, 0xfe, 0x7d, 0, 0]))}.${signature}`],
    ["31 characters", "eyJhbGciOiJFUzI1NiJ9.e30.AAAAAAA".slice(0, 31)],
    ["4097 characters", makeWbToken(NOW, { pad: "x".repeat(5_000) }).slice(0, 4_097)],
    ["a megabyte", "a.".repeat(500_000)],
  ])("(%s) is malformed, and says nothing else", (_what, text) => {
    const nothing = { sid: null, expiresAtMs: null, kind: null, readOnly: null, scopes: [], warnings: [] };
    expect(checkWbToken(text, RULES)).toEqual({ ok: false, ...nothing, reasons: ["malformed"] });
  });

  it.each([
    ["another algorithm", {}, { alg: "HS256" }],
    ["no algorithm", {}, { typ: "JWT" }],
    ["algorithm none", {}, { alg: "none" }],
    ["no exp", { exp: undefined }],
    ["exp as text", { exp: "1797000000" }],
    ["exp with a fraction", { exp: 1_797_000_000.5 }],
    ["exp beyond all time", { exp: 9e15 }],
    ["no sid", { sid: undefined }],
    ["sid as a number", { sid: 1 }],
    ["sid that is no UUID", { sid: "seller" }],
    ["no s", { s: undefined }],
    ["s as text", { s: "1073750126" }],
    ["a negative s", { s: -2 }],
    ["s beyond what a number holds", { s: 2 ** 53 }],
    ["s as null", { s: null }],
  ])("(%s) is malformed", (_what, change, head = { alg: "ES256" }) => {
    expect(checkWbToken(makeWbToken(NOW, change, head), RULES).reasons).toEqual(["malformed"]);
  });

  it("is measured without spaces and Bearer: 4096 characters are enough", () => {
    const bare = makeWbToken(NOW, { pad: "" }).length;
    const padded = Array.from({ length: 8 }, (_, more) =>
      makeWbToken(NOW, { pad: "x".repeat(Math.floor(((4_096 - bare) * 3) / 4) - 4 + more) }),
    );
    const token = padded.filter(({ length }) => length <= 4_096).at(-1) ?? "";
    expect(token.length).toBeGreaterThan(4_090);
    expect(checkWbToken(`  Bearer ${token}  `, RULES).ok).toBe(true);
    expect(checkWbToken(padded.find(({ length }) => length > 4_096) ?? "", RULES).ok).toBe(false);
  });
});

describe("the rights of a token", () => {
  const BITS = { content: 1, analytics: 2, prices: 3, marketplace: 4, statistics: 5, promotion: 6, feedbacks: 7 };
  const MORE_BITS = { chat: 9, supplies: 10, returns: 11, documents: 12, finance: 13, users: 16 };
  const bitOf: Readonly<Record<string, number>> = { ...BITS, ...MORE_BITS };

  it(`are the bits of s, also beyond 32 bits, and other bits mean nothing (seed ${SEED})`, () => {
    expect(WB_SCOPES).toEqual(Object.keys(bitOf));
    fc.assert(
      fc.property(fc.maxSafeNat(), (s) => {
        const has = (bit: number) => ((BigInt(s) >> BigInt(bit)) & 1n) === 1n;
        const result = check({ s });
        expect(result.scopes).toEqual(WB_SCOPES.filter((scope) => has(bitOf[scope] ?? -1)));
        expect(result.readOnly).toBe(has(30));
        expect(result.reasons).toEqual(
          REQUIRED_WB_SCOPES.filter((scope) => !has(bitOf[scope] ?? -1)).map((scope) => `missing_scope:${scope}`),
        );
        expect(result.warnings.includes("write_access")).toBe(!has(30));
        expect(result.warnings.includes("no_finance")).toBe(!has(13));
      }),
      seeded(500),
    );
  });
});

describe("anything at all", () => {
  it(`is answered and never thrown at; what is accepted has no reason against it (seed ${SEED})`, () => {
    const value = fc.oneof(
      fc.jsonValue(),
      fc.integer(),
      fc.boolean(),
      fc.constantFrom(1, 2, 3, 4, "self", SID, 2 ** 40),
    );
    const payload = fc.record(
      {
        exp: fc.oneof(value, fc.integer({ min: NOW / 1_000, max: NOW / 1_000 + 30 * DAY_S })),
        sid: value,
        s: fc.oneof(value, fc.maxSafeNat()),
        t: value,
        acc: value,
        for: value,
      },
      { requiredKeys: [] },
    );
    const token = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.array(fc.base64String(), { minLength: 2, maxLength: 4 }).map((parts) => parts.join(".")),
      payload.map((changes) => makeWbToken(NOW, changes)),
    );
    fc.assert(
      fc.property(
        token,
        fc.boolean(),
        fc.constantFrom("refuse" as const, "warn" as const),
        (text, isDemo, personalTokens) => {
          const result = checkWbToken(text, { ...RULES, isDemo, personalTokens });
          expect(result.ok).toBe(result.reasons.length === 0);
          if (result.reasons.includes("malformed")) expect(result.reasons).toEqual(["malformed"]);
          else expect(result.sid).not.toBeNull();
        },
      ),
      seeded(1_000),
    );
  });
  it("that was accepted was good before it was changed in one character, or is refused", () => {
    const token = makeWbToken(NOW);
    expect(goodPayload(NOW).sid).toBe(SID);
    const end = token.lastIndexOf(".");
    const results = Array.from({ length: end }, (_, at) =>
      checkWbToken(`${token.slice(0, at)}*${token.slice(at + 1)}`, RULES),
    );
    expect(results.filter(({ ok }) => ok)).toEqual([]);
  });
});
