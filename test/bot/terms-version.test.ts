import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { TERMS_VERSION } from "../../src/bot/screens/info.ts";
import { plain } from "../../src/bot/texts.ts";

/** Of the terms and of what is said about data, in both languages. A new text is a new version: raise TERMS_VERSION and add its line here. */
const TEXTS: Readonly<Record<string, string>> = {
  "1": "6b869a15c9235883",
};

it("the version of the terms, which each consent keeps, is raised whenever their text changes", () => {
  const texts = (["ru", "en"] as const).flatMap((language) => ["terms", "privacy"].map((id) => plain(language, id)));
  const digest = createHash("sha256").update(texts.join("\n\n")).digest("hex").slice(0, 16);
  expect({ [TERMS_VERSION]: digest }).toEqual({ [TERMS_VERSION]: TEXTS[TERMS_VERSION] });
});
