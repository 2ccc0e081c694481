import { describe, expect, it } from "vitest";
import { makeSealUpdate } from "../../src/sealing/seal-update.ts";
import { isSealedText, makeOpenSealedText, makeSecretIn } from "../../src/sealing/sealed-text.ts";
import { ringOf } from "../support/key-ring.ts";
import { makeWbToken } from "../support/wb-token.ts";

const ANNA = 7_012_345_678;
const TOKEN = makeWbToken(Date.UTC(2026, 10, 23));
const PIECES = [TOKEN.slice(5, 25), TOKEN.slice(60, 80), TOKEN.slice(-20)];
const ring = ringOf("k1");
const seal = makeSealUpdate(ring);
const open = makeOpenSealedText({
  ring,
  onRefused: (code) => {
    throw new Error(code);
  },
});

const aMessage = (fields: object) => ({
  message_id: 7,
  from: { id: ANNA, is_bot: false, first_name: "Anna" },
  chat: { id: ANNA, type: "private", first_name: "Anna" },
  date: 1_795_000_000,
  ...fields,
});
const anUpdate = (fields: object) => ({ update_id: 1, message: aMessage(fields) });
const expectNoToken = (value: unknown) => {
  const json = JSON.stringify(value).replaceAll("\\n", ""); // nor broken over lines
  for (const piece of PIECES) expect(json).not.toContain(piece);
};

describe("an update whose text holds a token", () => {
  const entities = [{ type: "url", offset: 0, length: 20 }];

  it("has the sealed text in its place, which opens for the person, and is otherwise the same", () => {
    const given = anUpdate({ text: `токен ${TOKEN}`, entities, link_preview_options: { url: `https://x/?${TOKEN}` } });
    const sealed = seal(given, ANNA) as typeof given & { message: { text: string } };
    const { text, ...others } = sealed.message;
    expect(isSealedText(text)).toBe(true);
    expect(open(text, ANNA)?.reveal()).toBe(`токен ${TOKEN}`);
    expect({ ...sealed, message: others }).toEqual(anUpdate({}));
    expectNoToken(sealed);
  });
  it("is not changed itself: whoever gave it still has it", () => {
    const given = anUpdate({ text: TOKEN, entities });
    const before = structuredClone(given);
    seal(given, ANNA);
    expect(given).toEqual(before);
  });
  it.each<readonly [string, object]>([
    [
      "in the caption of a picture",
      anUpdate({ caption: TOKEN, caption_entities: entities, photo: [{ file_id: "AgACAgIAAx" }] }),
    ],
    ["in an edited message", { update_id: 1, edited_message: aMessage({ text: TOKEN, edit_date: 1 }) }],
    ["in a business message", { update_id: 1, business_message: aMessage({ text: TOKEN }) }],
    ["in the message that is replied to", anUpdate({ text: "this one", reply_to_message: aMessage({ text: TOKEN }) })],
    ["in a quote", anUpdate({ text: "this one", quote: { text: TOKEN, position: 0 } })],
    ["in a message that was pinned", anUpdate({ pinned_message: aMessage({ text: TOKEN }) })],
    [
      "in the message whose button was pressed",
      {
        update_id: 1,
        callback_query: {
          id: "1",
          from: { id: ANNA },
          data: "v1:x",
          message: aMessage({ text: "x", reply_to_message: aMessage({ text: TOKEN }) }),
        },
      },
    ],
    [
      "in pieces of a text",
      anUpdate({
        rich_message: { blocks: [{ type: "paragraph", text: ["a", { type: "bold", text: TOKEN }, [TOKEN]] }] },
      }),
    ],
    [
      "as the target of a link",
      anUpdate({ text: "here", entities: [{ type: "text_link", offset: 0, length: 4, url: `https://x/?t=${TOKEN}` }] }),
    ],
    ["as the name of a file", anUpdate({ document: { file_id: "BQACAgIAAx", file_name: `${TOKEN}.txt` } })],
    [
      "in the answer of a web app",
      anUpdate({ web_app_data: { data: JSON.stringify({ token: TOKEN }), button_text: "x" } }),
    ],
    ["over several lines", anUpdate({ text: TOKEN.replace(/(.{30})/g, "$1\n") })],
  ])("(%s) holds it in the clear no more", (_where, given) => {
    expectNoToken(seal(given, ANNA));
  });
  it("is sealed for the person alone", () => {
    const { message } = seal(anUpdate({ text: TOKEN }), ANNA) as { message: { text: string } };
    const refused: string[] = [];
    const openStrictly = makeOpenSealedText({
      ring,
      onRefused: (code, userId) => void refused.push(`${code} ${userId}`),
    });
    expect(openStrictly(message.text, ANNA + 1)).toBeNull();
    expect(refused).toEqual([`sealing.refused ${ANNA + 1}`]);
  });
});

describe("an update without a token", () => {
  it.each<readonly [string, object]>([
    ["a text", anUpdate({ text: "Hello. I have paid", entities: [{ type: "bold", offset: 0, length: 5 }] })],
    [
      "a link to a spreadsheet",
      anUpdate({ text: "https://docs.google.com/spreadsheets/d/1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789_-abcd/edit" }),
    ],
    [
      "a picture",
      anUpdate({ photo: [{ file_id: "AgACAgIAAxkBAAIeyJx0123456789abcdefABCDEF-_Q4x", width: 1 }], caption: "look" }),
    ],
    ["a press", { update_id: 1, callback_query: { id: "1", from: { id: ANNA }, data: "v1:plan:month" } }],
    ["a deep link", anUpdate({ text: "/start c_eyJhbGciOiJFUzI1NiJ9" })],
    ["no object", [1, null, "x"]],
  ])("(%s) is passed on as it is", (_what, given) => {
    expect(seal(given, ANNA)).toBe(given);
  });
  it("keeps the names of payments, whatever they look like", () => {
    const charge = { telegram_payment_charge_id: TOKEN, invoice_payload: TOKEN, total_amount: 500 };
    for (const given of [
      anUpdate({ successful_payment: charge }),
      anUpdate({ refunded_payment: charge }),
      { update_id: 1, pre_checkout_query: { id: "1", from: { id: ANNA }, ...charge } },
      { update_id: 1, subscription: { user: { id: ANNA }, ...charge } },
    ])
      expect(seal(given, ANNA)).toBe(given);
  });
  it("of a text that looks like a sealed one is sealed, so that nobody can write one", () => {
    for (const text of [
      "sealed:",
      "sealed:s1.k1.chatText.x",
      `sealed:${ring.seal({ reveal: () => "x" } as never, { address: `person/${ANNA}`, purpose: "chatText" })}`,
    ]) {
      const { message } = seal(anUpdate({ text }), ANNA) as { message: { text: string } };
      expect(message.text).not.toBe(text);
      expect(open(message.text, ANNA)?.reveal()).toBe(text);
    }
  });
});

describe("an update that is deeper than any", () => {
  const nested = (levels: number, inside: unknown): unknown => {
    let value = inside;
    for (let level = 0; level < levels; level += 1) value = level % 2 ? [value] : { text: value };
    return value;
  };
  it("loses what lies too deep to look at", () => {
    const sealed = seal(nested(50_000, TOKEN), ANNA);
    expectNoToken(sealed);
  });
  it("is looked through as far as Telegram goes, and further", () => {
    expect(JSON.stringify(seal(nested(20, TOKEN), ANNA))).toContain("sealed:");
  });
});

describe("a sealed text", () => {
  it("is told from others by its beginning", () => {
    expect([undefined, "", "hello", "Sealed: x", " sealed:x"].map((text) => isSealedText(text))).toEqual([
      false,
      false,
      false,
      false,
      false,
    ]);
  });
  it("is not opened where there is none", () => {
    expect(open("hello", ANNA)).toBeNull();
  });
  it("whose key was taken away asks the person again, and tells the operator", () => {
    const { message } = seal(anUpdate({ text: TOKEN }), ANNA) as { message: { text: string } };
    const refused: string[] = [];
    const later = makeOpenSealedText({ ring: ringOf("k2"), onRefused: (code) => void refused.push(code) });
    expect(later(message.text, ANNA)).toBeNull();
    expect(refused).toEqual(["sealing.unknownKey"]);
  });
});

describe("the secret in a text of a chat", () => {
  const refused: string[] = [];
  const secretIn = makeSecretIn({ ring, onRefused: (code) => void refused.push(code) });
  const { message } = seal(anUpdate({ text: TOKEN }), ANNA) as { message: { text: string } };

  it("is what was sealed at the door, or what looks like one", () => {
    expect(secretIn(message.text, ANNA)?.reveal()).toBe(TOKEN);
    expect(secretIn(TOKEN, ANNA)?.reveal()).toBe(TOKEN);
  });
  it("is none in other texts", () => {
    expect(secretIn("anna@gmail.com", ANNA)).toBeNull();
  });
  it("that can't be opened is an empty one: the sealed text never passes for the person's words", () => {
    expect(secretIn(message.text, ANNA + 1)?.reveal()).toBe("");
    expect(refused).toEqual(["sealing.refused"]);
  });
});
