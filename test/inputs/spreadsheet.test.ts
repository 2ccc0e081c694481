import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseSpreadsheet } from "../../src/inputs/spreadsheet.ts";
import { SEED, seeded } from "../support/seeds.ts";

const ID = "1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789_-abcd";
const OTHER_ID = "1bbCdEfGhIjKlMnOpQrStUvWxYz0123456789_-abcd";
const PUBLISHED = `2PACX-1v${ID}`;
const SHEETS = "https://docs.google.com/spreadsheets";

describe("a spreadsheet", () => {
  it.each([
    ["its id", ID],
    ["its id with spaces around", `  ${ID}\n`],
    ["an address as the browser shows it", `${SHEETS}/d/${ID}/edit?usp=sharing#gid=0`],
    ["a bare address", `${SHEETS}/d/${ID}`],
    ["an address with a fragment only", `${SHEETS}/d/${ID}#gid=12`],
    ["an address of the second account", `${SHEETS}/u/1/d/${ID}/edit`],
    ["an address of a company", `https://docs.google.com/a/example.com/spreadsheets/d/${ID}/edit`],
    ["an address without a scheme", `docs.google.com/spreadsheets/d/${ID}/edit`],
    ["an address in capitals but for the id", `HTTPS://DOCS.GOOGLE.COM/spreadsheets/d/${ID}`],
    ["an address without TLS", `http://docs.google.com/spreadsheets/d/${ID}/`],
    ["an address among words", `Моя таблица\n${SHEETS}/d/${ID}/edit.`],
    ["an address in brackets", `(<${SHEETS}/d/${ID}>),`],
    ["the same address twice", `${SHEETS}/d/${ID}/edit ${SHEETS}/d/${ID}/copy`],
    ["an address with another one in its query", `${SHEETS}/d/${ID}/edit?from=https://evil.example/d/x`],
  ])("is found by %s", (_what, text) => {
    expect(parseSpreadsheet(text)).toEqual({ ok: true, spreadsheetId: ID });
  });

  it.each([
    ["nothing", " \n", "empty"],
    ["words", "вот она", "notRecognised"],
    ["an id and a word", `${ID} please`, "notRecognised"],
    ["an id that is too short", "a".repeat(19), "notRecognised"],
    ["an id that is too long", "a".repeat(129), "notRecognised"],
    ["an id with another character", `${ID}!x`, "notRecognised"],
    ["an e-mail address", "anna@gmail.com", "notRecognised"],
    ["the id of what was published", PUBLISHED, "publishedLink"],
    ["a published link", `${SHEETS}/d/e/${PUBLISHED}/pubhtml`, "publishedLink"],
    ["a published link of the second account", `${SHEETS}/u/0/d/e/${PUBLISHED}/pub`, "publishedLink"],
    ["a published id in the place of an id", `${SHEETS}/d/${PUBLISHED}/edit`, "publishedLink"],
    ["another host", `https://example.com/spreadsheets/d/${ID}`, "otherHost"],
    ["a host that begins alike", `https://docs.google.com.evil.example/spreadsheets/d/${ID}`, "otherHost"],
    ["a host behind a user name", `https://docs.google.com@evil.example/spreadsheets/d/${ID}`, "otherHost"],
    ["a user name", `https://anna@docs.google.com/spreadsheets/d/${ID}`, "otherHost"],
    ["another port", `https://docs.google.com:8443/spreadsheets/d/${ID}`, "otherHost"],
    ["another scheme", `ftp://docs.google.com/spreadsheets/d/${ID}`, "otherHost"],
    ["a table of somebody else's make", "https://disk.yandex.ru/i/abcdef", "otherHost"],
    ["a folder", `https://drive.google.com/drive/folders/${ID}?usp=sharing`, "folder"],
    ["a folder of the second account", `https://drive.google.com/drive/u/1/folders/${ID}`, "folder"],
    ["a file in Drive", `https://drive.google.com/file/d/${ID}/view`, "document"],
    ["a text document", `https://docs.google.com/document/d/${ID}/edit`, "document"],
    ["a presentation", `https://docs.google.com/presentation/d/${ID}/edit`, "document"],
    ["a form", `https://docs.google.com/forms/d/e/1FAIpQL${ID}/viewform`, "document"],
    ["the start page", `${SHEETS}/u/0/`, "missingId"],
    ["an address that ends too early", `${SHEETS}/d/`, "missingId"],
    ["a short id in an address", `${SHEETS}/d/abc/edit`, "badId"],
    ["an id with other characters in an address", `${SHEETS}/d/${ID}%20x/edit`, "badId"],
    ["something else published", `${SHEETS}/d/e/${ID}/pub`, "badId"],
    ["two of them", `${SHEETS}/d/${ID} ${SHEETS}/d/${OTHER_ID}`, "several"],
    ["a zero-width space", `${ID}\u200b`, "hiddenCharacters"],
    ["a direction mark", `\u200e${SHEETS}/d/${ID}`, "hiddenCharacters"],
    ["a broken address", "https://[", "notRecognised"],
    ["a long text", `${ID} `.repeat(100), "tooLong"],
  ])("is not found in %s", (_what, text, reason) => {
    expect(parseSpreadsheet(text)).toEqual({ ok: false, reason });
  });

  it(`keeps every character of its id, in whatever address (seed ${SEED})`, () => {
    const id = fc.stringMatching(/^[A-Za-z0-9_-]{20,128}$/).filter((text) => !text.startsWith("2PACX-"));
    const around = fc.constantFrom<(text: string) => string>(
      (text) => text,
      (text) => `${SHEETS}/d/${text}`,
      (text) => `${SHEETS}/u/3/d/${text}/edit#gid=5`,
      (text) => `docs.google.com/spreadsheets/d/${text}/`,
    );
    fc.assert(
      fc.property(id, around, (spreadsheetId, write) => {
        expect(parseSpreadsheet(write(spreadsheetId))).toEqual({ ok: true, spreadsheetId });
      }),
      seeded(300),
    );
  });

  it(`is never anything but an id of the agreed form, and nothing throws (seed ${SEED})`, () => {
    const piece = fc.constantFrom(
      SHEETS,
      "/d/",
      "/e/",
      "/u/0",
      ID,
      PUBLISHED,
      "docs.google.com",
      " ",
      "?",
      "#",
      "//",
      "@",
      "%",
      "..",
    );
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.array(fc.oneof(piece, fc.string()), { maxLength: 8 }).map((list) => list.join("")),
    );
    fc.assert(
      fc.property(text, (given) => {
        const parsed = parseSpreadsheet(given);
        if (parsed.ok) expect(parsed.spreadsheetId).toMatch(/^(?!2PACX-)[A-Za-z0-9_-]{20,128}$/);
      }),
      seeded(1_000),
    );
  });
});
