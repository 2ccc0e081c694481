import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isSurelySecret, looksSecret } from "../../src/sealing/looks-secret.ts";
import { SEED, seeded } from "../support/seeds.ts";
import { makeWbToken } from "../support/wb-token.ts";

const TOKEN = makeWbToken(Date.UTC(2026, 10, 23));
const [HEADER = "", PAYLOAD = "", SIGNATURE = ""] = TOKEN.split(".");
const SHEET_ID = "1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789_-abcd";
const every = (length: number, by: string) => TOKEN.replace(new RegExp(`(.{${length}})`, "g"), `$1${by}`);

describe("a text with a token in it", () => {
  it.each<readonly [string, string]>([
    ["the token", TOKEN],
    ["Bearer and the token", `Bearer ${TOKEN}`],
    ["words around it", `вот токен: ${TOKEN}, спасибо`],
    ["a word without a space before it", `токен:${TOKEN}`],
    ["a Latin word glued to it", `token${TOKEN}`],
    ["quotes", `"${TOKEN}"`],
    ["JSON", JSON.stringify({ token: TOKEN })],
    ["a link", `https://example.com/?t=${TOKEN}`],
    ["lines of 64", every(64, "\n")],
    ["lines of 20", every(20, "\r\n")],
    ["a space in the middle of its header", `${TOKEN.slice(0, 3)} ${TOKEN.slice(3)}`],
    ["a space every five characters", every(5, " ")],
    ["zero-width spaces", every(7, "\u200b")],
    ["soft hyphens", every(11, "\u00ad\n")],
    ["header and payload only", `${HEADER}.${PAYLOAD}`],
    ["payload and signature only", `${PAYLOAD}.${SIGNATURE}`],
    ["the header only", HEADER],
    ["the end of the payload and the signature", `${PAYLOAD.slice(30)}.${SIGNATURE}`],
    ["the same over lines", `${PAYLOAD.slice(30)}.${SIGNATURE}`.replace(/(.{40})/g, "$1\n")],
    ["a header with spaces in its JSON", `${Buffer.from('{ "alg": "ES256" }').toString("base64url")}.${PAYLOAD}`],
    ["a header with line breaks in its JSON", `${Buffer.from('{\n  "alg": "ES256"\n}').toString("base64url")}.x`],
    ["something made up that looks like one", `eyJ${"a".repeat(40)}`],
    ["a command before it", `/connect ${TOKEN}`],
    ["a deep link that is too long for one", `/start ${TOKEN}`],
  ])("(%s) is recognised", (_what, text) => {
    expect(looksSecret(text)).toBe(true);
  });

  it(`is recognised wherever it is broken (seed ${SEED})`, () => {
    const breaks = fc.array(
      fc.tuple(fc.nat(TOKEN.length), fc.constantFrom(" ", "\n", "\r\n", "\u200b", "\u00a0", "\t")),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(breaks, fc.constantFrom("", "token ", "Вот: ", "Hey John, here it is:\n"), (list, before) => {
        const broken = [...list]
          .sort(([a], [b]) => b - a)
          .reduce((text, [at, space]) => text.slice(0, at) + space + text.slice(at), TOKEN);
        expect(looksSecret(before + broken)).toBe(true);
      }),
      seeded(500),
    );
  });
  it(`is recognised for any payload (seed ${SEED})`, () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ maxLength: 12 }), fc.jsonValue()),
        fc.constantFrom("ES256", "RS512"),
        (payload, alg) => {
          const token = makeWbToken(0, payload, { alg });
          expect(looksSecret(token)).toBe(true);
          expect(isSurelySecret(token)).toBe(true);
        },
      ),
      seeded(300),
    );
  });
});

describe("a text without a token in it", () => {
  it.each<readonly [string, string]>([
    ["nothing", ""],
    ["a greeting", "Hey John, they Just told me. Money Jar is what they Joined in the evening"],
    ["a long message", `${"I paid yesterday. The link does not open. Please help me with it! ".repeat(60)}`],
    ["a long message in Russian", "Здравствуйте. Оплатил вчера, ссылка не открывается. ".repeat(60)],
    ["shouting", "WHERE IS MY ACCESS.WHY DOES NOBODY ANSWER.I PAID 500"],
    ["an e-mail address", "alexandra.konstantinopolskaya-petrova@mail.example-company.com"],
    ["an id", SHEET_ID],
    ["an address", `https://docs.google.com/spreadsheets/d/${SHEET_ID}/edit?usp=sharing#gid=0`],
    ["an address without a scheme", `docs.google.com/spreadsheets/d/${SHEET_ID}`],
    ["a host of long names", "https://some-very-long-subdomain-name.another-very-long-name-of-a-host.com/path"],
    ["a name of a file", "Screenshot_2026-11-23-10-20-30-123.com.android.chrome.jpg"],
    ["a charge", "stxh0Ab1_-eyJx0123456789abcdefABCDEF0123456789abcdefABCDEF0123456789"],
    ["a UUID", "8f14e45f-ceea-467f-a8d2-0b5b2a1e9c11"],
    ["a deep link", `/start ${"eyJhbGciOiJFUzI1NiJ9".padEnd(64, "x")}`],
    ["a deep link to this bot", "/start@club_bot c_eyJhbGciOiJFUzI1NiJ9"],
    ["a command", "/support"],
    ["one long word", "a".repeat(5_000)],
  ])("(%s) is left alone", (_what, text) => {
    expect(looksSecret(text)).toBe(false);
  });

  it(`is left alone, whatever words it is made of (seed ${SEED})`, () => {
    const word = fc.stringMatching(/^([A-Z]?[a-z]{1,12}|[A-Z]{1,9}|[0-9]{1,7}|[А-Яа-я]{1,12})[.,!?]?$/);
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 120 }), (words) => {
        expect(looksSecret(words.join(" "))).toBe(false);
      }),
      seeded(500),
    );
  });
  it(`is left alone when it is an id of a spreadsheet (seed ${SEED})`, () => {
    fc.assert(
      fc.property(fc.stringMatching(/^1[A-Za-z0-9_-]{43}$/), (id) => {
        expect(looksSecret(`https://docs.google.com/spreadsheets/d/${id}/edit#gid=0`)).toBe(false);
      }),
      seeded(500),
    );
  });
  it("is looked through in no time, however long and odd it is", () => {
    const odd = ["ey", "eyJ", "a.", "ab ", "aB3-".repeat(10), ".", " \n", "\u200b"].map((piece) =>
      piece.repeat(Math.floor(400_000 / piece.length)),
    );
    const started = performance.now();
    for (const text of odd) looksSecret(text);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
