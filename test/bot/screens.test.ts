import { describe, expect, it } from "vitest";
import { CALLBACK_DATA_MAX, parsePress } from "../../src/bot/callback-data.ts";
import type { Screen } from "../../src/bot/screens/screen.ts";
import { parseHtml } from "../../src/sandbox/telegram/text/html.ts";
import { allScreens } from "./support/all-screens.ts";
import { aReader } from "./support/views.ts";

const drawn = (screen: Screen): string =>
  [
    screen.text,
    ...screen.keyboard.map((row) =>
      row
        .map(
          (b) =>
            `[${b.text}${b.style ? `·${b.style}` : ""}] ${"callback_data" in b ? b.callback_data : "url" in b ? b.url : ""}`,
        )
        .join(" "),
    ),
  ].join("\n");

/** A sentence that says that nothing has to be done, or where to write. */
const ENDS_BY_ITSELF = /делать ничего не нужно|nothing to do|\/start|\/paysupport/i;

describe.each(["ru", "en"] as const)("screens in %s", (language) => {
  const screens = Object.entries(allScreens(aReader({ language })));

  it.each(screens)("%s reads as agreed", (name, screen) => {
    expect(drawn(screen)).toMatchSnapshot(name);
  });

  it.each(screens)("%s keeps the rules of Telegram", (_name, screen) => {
    const { text } = parseHtml(screen.text);
    expect(text.length).toBeGreaterThan(0);
    expect(text.length).toBeLessThanOrEqual(4096);
    expect(text).not.toMatch(/undefined|null|NaN|\{ ?\$/);
    for (const button of screen.keyboard.flat()) {
      expect(button.text.length).toBeGreaterThan(0);
      if ("callback_data" in button) {
        expect(Buffer.byteLength(button.callback_data)).toBeLessThanOrEqual(CALLBACK_DATA_MAX);
        expect(parsePress(button.callback_data)).not.toBeNull();
      }
    }
  });

  it.each(screens)("%s highlights one button at most, and leads somewhere", (_name, screen) => {
    const styles = screen.keyboard
      .flat()
      .flatMap((button) => (button.style === "primary" || button.style === "success" ? [button.style] : []));
    expect(styles.length).toBeLessThanOrEqual(1);
    expect(screen.keyboard.length > 0 || ENDS_BY_ITSELF.test(screen.text)).toBe(true);
  });

  it.each(screens)("%s has at most one emoji, and never in place of words", (_name, screen) => {
    const { text } = parseHtml(screen.text);
    const emoji = text.replaceAll("⭐", "").match(/\p{Extended_Pictographic}/gu) ?? [];
    expect(emoji.length).toBeLessThanOrEqual(1);
    for (const button of screen.keyboard.flat()) expect(button.text).toMatch(/\p{L}/u);
  });
});
