import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { escapeHtml, Html, plain, t } from "../../src/bot/texts.ts";
import { date, every, lengthOf, plainDate, price } from "../../src/bot/wording.ts";
import { parseHtml } from "../../src/sandbox/telegram/text/html.ts";
import { aReader, NOW } from "./support/views.ts";

const BOT_DIR = join(import.meta.dirname, "../../src/bot");

interface Text {
  readonly vars: readonly string[];
  readonly tags: readonly string[];
}

function readTexts(language: string): Map<string, Text> {
  const texts = new Map<string, Text>();
  const blocks = readFileSync(join(BOT_DIR, `locales/${language}.ftl`), "utf8").split(/\n(?=[a-zA-Z][\w-]* =)/);
  for (const block of blocks) {
    const id = /^([a-zA-Z][\w-]*) =/.exec(block)?.[1];
    if (id === undefined) continue;
    expect(texts.has(id), `${id} twice in ${language}.ftl`).toBe(false);
    const body = block
      .split("\n")
      .filter((line) => !line.startsWith("#"))
      .join("\n");
    const sorted = (found: Iterable<RegExpMatchArray>) =>
      [...new Set([...found].map((match) => match[1] ?? ""))].sort();
    texts.set(id, {
      vars: sorted(body.matchAll(/\$(\w+)/g)),
      tags: [...body.matchAll(/<(\/?\w+)>/g)].map((match) => match[1] ?? "").sort(),
    });
  }
  return texts;
}

const ru = readTexts("ru");
const en = readTexts("en");

const sources = readdirSync(BOT_DIR, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
  .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"))
  .join("\n");

describe("the two files of texts", () => {
  it("have the same ids", () => {
    expect([...ru.keys()].sort()).toEqual([...en.keys()].sort());
  });

  it.each([...ru.keys()])("%s has the same variables and tags in both", (id) => {
    expect(en.get(id)).toEqual(ru.get(id));
  });

  const exact = new Set([...sources.matchAll(/"([a-zA-Z][\w-]*)"/g)].map((match) => match[1]));
  const prefixes = [...sources.matchAll(/`([a-z][\w]*-(?:[\w]+-)?)\$\{/g)].map((match) => match[1] ?? "");

  it.each([...ru.keys()])("%s is used by the bot", (id) => {
    const stem = id.replace(/-(?:numbered|name|nameless)$/, "");
    expect(exact.has(id) || exact.has(stem) || prefixes.some((prefix) => id.startsWith(prefix))).toBe(true);
  });

  it("say no word that belongs to the other language", () => {
    for (const id of en.keys())
      if (!["button-other-language", "button-russian"].includes(id))
        expect(t("en", id, someVars(id))).not.toMatch(/[а-яё]/i);
  });

  it.each([...ru.keys()].filter((id) => !/^(?:refusal|toast|command|button|invoice)-/.test(id)))(
    "%s is valid HTML with hostile variables",
    (id) => {
      for (const language of ["ru", "en"] as const) {
        const text = t(language, id, someVars(id, `<b>"&</b>`));
        expect(() => parseHtml(text)).not.toThrow();
        expect(text).not.toMatch(/[\u2068\u2069]/);
        expect(text).not.toContain(`<b>"&`);
      }
    },
  );
});

const someVars = (id: string, value: string | number = "X") =>
  Object.fromEntries((ru.get(id)?.vars ?? []).map((name) => [name, name === "n" ? 5 : value]));

describe("numbers in Russian", () => {
  it.each([
    [0, "0 дней"],
    [1, "1 день"],
    [2, "2 дня"],
    [5, "5 дней"],
    [11, "11 дней"],
    [21, "21 день"],
    [22, "22 дня"],
    [101, "101 день"],
    [111, "111 дней"],
  ])("%i", (n, words) => {
    expect(plain("ru", "length-days", { n })).toBe(words);
  });

  it.each([
    [1, "1 минуту", "каждую минуту"],
    [21, "21 минуту", "каждую 21 минуту"],
    [22, "22 минуты", "каждые 22 минуты"],
    [5, "5 минут", "каждые 5 минут"],
  ])("%i minutes, in the accusative", (n, length, often) => {
    expect(plain("ru", "length-minutes", { n })).toBe(length);
    expect(plain("ru", "every-minutes", { n })).toBe(often);
  });
});

describe("numbers in English", () => {
  it.each([
    [0, "0 days"],
    [1, "1 day"],
    [2, "2 days"],
    [21, "21 days"],
    [101, "101 days"],
  ])("%i", (n, words) => {
    expect(plain("en", "length-days", { n })).toBe(words);
  });
});

describe("lengths of time", () => {
  const DAY = 86_400_000;
  it.each([
    ["three days, told a minute late", 3 * DAY - 60_000, "3 дня"],
    ["a day and a half", 1.5 * DAY, "2 дня"],
    ["23 hours and 59 minutes", DAY - 60_000, "1 день"],
    ["five hours", 5 * 3_600_000, "5 часов"],
    ["ninety seconds", 90_000, "2 минуты"],
    ["nothing", 0, "0 секунд"],
  ])("%s", (_what, ms, words) => {
    expect(lengthOf(ms, "ru").html).toBe(words);
  });

  it("are exact where a price is stated", () => {
    expect(every(30 * DAY, "ru").html).toBe("каждые 30 дней");
    expect(every(90_000, "en").html).toBe("every 90 seconds");
    expect(every(60_000, "en").html).toBe("every minute");
  });
});

describe("dates", () => {
  it("are shown by the client, with Moscow's time to fall back on", () => {
    expect(date(NOW + 30 * 86_400_000, aReader()).html).toBe(
      '<tg-time unix="1798016400" format="D">23 декабря 2026</tg-time>',
    );
  });

  it("name the hour when it matters, in the zone that was configured", () => {
    expect(date(NOW + 3_600_000, aReader({ timeZone: "Asia/Tokyo", language: "en" })).html).toContain(
      ">23 November at 19:00 GMT+9<",
    );
    expect(date(NOW + 3_600_000, aReader({ timeZone: "Asia/Tokyo" })).html).toContain(">23 ноября в 19:00 GMT+9<");
  });

  it("name Moscow's zone as its people do", () => {
    expect(date(NOW + 3_600_000, aReader()).html).toContain(">23 ноября в 13:00 МСК<");
    expect(date(NOW + 3_600_000, aReader({ language: "en" })).html).toContain(">23 November at 13:00 GMT+3<");
  });

  it("change the day with the zone, not with this machine's", () => {
    const late = Date.UTC(2026, 10, 30, 22);
    expect(plainDate(late, aReader({ timeZone: "Europe/Moscow" }))).toBe("1 декабря 2026");
    expect(plainDate(late, aReader({ timeZone: "UTC" }))).toBe("30 ноября 2026");
  });
});

describe("prices", () => {
  it.each([
    [{ currency: "XTR", amountMinor: 500 }, "500 ⭐", "500 ⭐"],
    [{ currency: "EUR", amountMinor: 990 }, "9,90 €", "€9.90"],
    [{ currency: "JPY", amountMinor: 990 }, "990 JPY", "JP¥990"],
  ])("%o", (money, inRussian, inEnglish) => {
    expect(price(money, "ru").replace("¥", "JPY")).toBe(inRussian);
    expect(price(money, "en")).toBe(inEnglish);
  });
});

describe("a variable", () => {
  it("is escaped unless it is our own markup", () => {
    expect(t("en", "joined", { channel: `<i>"A&B"</i>` })).toBe(
      `<b>You are in “&lt;i&gt;&quot;A&amp;B&quot;&lt;/i&gt;”</b>`,
    );
    expect(t("en", "joined", { channel: new Html("<i>A</i>") })).toContain("<i>A</i>");
    expect(escapeHtml('<>&"')).toBe("&lt;&gt;&amp;&quot;");
  });

  it("stays as it is where Telegram reads no markup", () => {
    expect(plain("en", "invoice-lifetime", { channel: "A & B" })).toBe(
      "Access to the channel “A & B” for life. Terms: /terms",
    );
  });
});
