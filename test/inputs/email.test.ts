import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { maskEmail, parseEmail } from "../../src/inputs/email.ts";
import { SEED, seeded } from "../support/seeds.ts";

describe("an e-mail address", () => {
  it.each([
    ["an ordinary one", "anna@gmail.com", "anna@gmail.com"],
    ["spaces and a line break around", " \n anna@gmail.com\t\u00a0", "anna@gmail.com"],
    ["a domain in capitals", "Anna.Lee@GMail.COM", "Anna.Lee@gmail.com"],
    ["a tag", "anna+wb@gmail.com", "anna+wb@gmail.com"],
    ["several domains", "a@b.c.example", "a@b.c.example"],
    ["254 characters", `a@${"b.".repeat(124)}com`, `a@${"b.".repeat(124)}com`],
  ])("with %s is taken", (_what, text, email) => {
    expect(parseEmail(text)).toEqual({ ok: true, email });
  });

  it.each([
    ["nothing", " \n ", "empty"],
    ["a name only", "anna", "notAnAddress"],
    ["two of them", "anna@gmail.com, lee@gmail.com", "notAnAddress"],
    ["brackets", "Anna <anna@gmail.com>", "notAnAddress"],
    ["no domain", "anna@", "notAnAddress"],
    ["a domain of one part", "anna@localhost", "notAnAddress"],
    ["two dots", "an..na@gmail.com", "notAnAddress"],
    ["Cyrillic that looks Latin", "\u0430nna@gmail.com", "notAnAddress"],
    ["a control character", "an\u0000na@gmail.com", "notAnAddress"],
    ["a command", "/start", "notAnAddress"],
    ["a zero-width space inside", "an\u200bna@gmail.com", "hiddenCharacters"],
    ["a byte order mark in front", "\ufeffanna@gmail.com", "hiddenCharacters"],
    ["a soft hyphen", "an\u00adna@gmail.com", "hiddenCharacters"],
    ["a right-to-left override", "anna@\u202egmail.com", "hiddenCharacters"],
    ["a direction mark at the end", "anna@gmail.com\u200f", "hiddenCharacters"],
    ["255 characters", `a@${"b.".repeat(125)}com`.slice(0, 255), "tooLong"],
    ["65 characters before the @", `${"a".repeat(65)}@gmail.com`, "tooLong"],
    ["a megabyte", "a".repeat(1_000_000), "tooLong"],
  ])("with %s is refused", (_what, text, reason) => {
    expect(parseEmail(text)).toEqual({ ok: false, reason });
  });

  it(`of any form is taken as it is but for the case of its domain, and taken again unchanged (seed ${SEED})`, () => {
    const local = fc.stringMatching(/^[A-Za-z0-9_+-]{1,16}(\.[A-Za-z0-9_+-]{1,12}){0,2}$/);
    const domain = fc.stringMatching(/^([A-Za-z0-9][A-Za-z0-9-]{0,10}\.){1,3}[A-Za-z]{2,6}$/);
    const around = fc.constantFrom("", " ", "\n", "\t ");
    fc.assert(
      fc.property(local, domain, around, (before, after, space) => {
        const email = `${before}@${after.toLowerCase()}`;
        expect(parseEmail(`${space}${before}@${after}${space}`)).toEqual({ ok: true, email });
        expect(parseEmail(email)).toEqual({ ok: true, email });
        expect(maskEmail(email).startsWith(before)).toBe(false);
      }),
      seeded(300),
    );
  });

  it(`never throws (seed ${SEED})`, () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(typeof parseEmail(text).ok).toBe("boolean");
      }),
      seeded(300),
    );
  });
});

describe("an address that is shown", () => {
  it.each([
    ["anna@gmail.com", "a…a@gmail.com"],
    ["bob@gmail.com", "b…b@gmail.com"],
    ["li@gmail.com", "l…@gmail.com"],
    ["x@gmail.com", "…@gmail.com"],
  ])("as %s is %s", (email, masked) => {
    expect(maskEmail(email)).toBe(masked);
  });
});
