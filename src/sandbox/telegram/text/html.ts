// parse_mode HTML, with the errors of the official parser (tdlib MessageEntity.cpp). Offsets in errors are UTF-8 bytes,
// lengths of entities UTF-16 code units.
import type { MessageEntity } from "@grammyjs/types";
import { badRequest } from "../errors.ts";

interface OpenTag {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly start: number;
}

export interface FormattedText {
  readonly text: string;
  readonly entities: MessageEntity[];
}

const SIMPLE_TAGS: Readonly<Record<string, MessageEntity.CommonMessageEntity["type"]>> = {
  b: "bold",
  strong: "bold",
  i: "italic",
  em: "italic",
  s: "strikethrough",
  strike: "strikethrough",
  del: "strikethrough",
  u: "underline",
  ins: "underline",
  "tg-spoiler": "spoiler",
  code: "code",
};
const OTHER_TAGS = new Set(["a", "span", "pre", "blockquote", "tg-emoji", "tg-time"]);
const NAMED: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"' };
const TIME_FORMAT = /^(?:r|w?[dD]?[tT]?)$/;

const fail = (text: string) => badRequest(`can't parse entities: ${text}`);

class HtmlReader {
  readonly #source: string;
  #at = 0;
  #out = "";
  readonly #entities: MessageEntity[] = [];
  readonly #open: OpenTag[] = [];

  constructor(source: string) {
    this.#source = source;
  }

  read(): FormattedText {
    while (this.#at < this.#source.length) {
      const char = this.#source.charAt(this.#at);
      if (char === "&") this.#out += this.#reference();
      else if (char === "<") this.#tag();
      else {
        this.#out += char;
        this.#at += 1;
      }
    }
    const unclosed = this.#open.at(-1);
    if (unclosed) throw fail(`Can't find end tag corresponding to start tag "${unclosed.name}"`);
    return { text: this.#out, entities: this.#entities };
  }

  #byteOffset(at: number): number {
    return Buffer.byteLength(this.#source.slice(0, at), "utf8");
  }

  /** `&lt;`, `&#60;`, `&#x3c;`; anything else stays as written. */
  #reference(): string {
    const match = /^&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]+));?/i.exec(this.#source.slice(this.#at, this.#at + 12));
    if (match) {
      const [whole, decimal, hex, name] = match;
      const code = decimal ? Number.parseInt(decimal, 10) : hex ? Number.parseInt(hex, 16) : 0;
      const value = name ? NAMED[name] : code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
      if (value !== undefined) {
        this.#at += whole.length;
        return value;
      }
    }
    this.#at += 1;
    return "&";
  }

  #tag(): void {
    const begin = this.#at;
    this.#at += 1;
    if (this.#source.charAt(this.#at) === "/") this.#endTag(begin);
    else this.#startTag(begin);
  }

  #startTag(begin: number): void {
    const name = this.#take(/[^\s>]/).toLowerCase();
    if (!(name in SIMPLE_TAGS) && !OTHER_TAGS.has(name))
      throw fail(`Unsupported start tag "${name}" at byte offset ${this.#byteOffset(begin)}`);
    const attributes = new Map<string, string>();
    for (;;) {
      this.#take(/\s/);
      if (this.#at >= this.#source.length)
        throw fail(`Unclosed start tag "${name}" at byte offset ${this.#byteOffset(begin)}`);
      if (this.#source.charAt(this.#at) === ">") break;
      const attribute = this.#take(/[^\s=>]/).toLowerCase();
      if (attribute === "")
        throw fail(`Empty attribute name in the tag "${name}" at byte offset ${this.#byteOffset(begin)}`);
      attributes.set(attribute, this.#attributeValue(name, begin));
    }
    this.#at += 1;
    this.#open.push({ name, attributes, start: this.#out.length });
  }

  #attributeValue(tag: string, begin: number): string {
    this.#take(/\s/);
    if (this.#source.charAt(this.#at) !== "=") return "";
    this.#at += 1;
    this.#take(/\s/);
    const quote = this.#source.charAt(this.#at);
    if (quote !== '"' && quote !== "'") return this.#take(/[\w.-]/);
    this.#at += 1;
    let value = "";
    while (this.#at < this.#source.length && this.#source.charAt(this.#at) !== quote) {
      if (this.#source.charAt(this.#at) === "&") value += this.#reference();
      else {
        value += this.#source.charAt(this.#at);
        this.#at += 1;
      }
    }
    if (this.#at >= this.#source.length)
      throw fail(`Unclosed start tag "${tag}" at byte offset ${this.#byteOffset(begin)}`);
    this.#at += 1;
    return value;
  }

  #endTag(begin: number): void {
    this.#at += 1;
    const name = this.#take(/[^\s>]/).toLowerCase();
    this.#take(/\s/);
    if (this.#source.charAt(this.#at) !== ">") throw fail(`Unclosed end tag at byte offset ${this.#byteOffset(begin)}`);
    this.#at += 1;
    const tag = this.#open.pop();
    if (!tag) throw fail(`Unexpected end tag at byte offset ${this.#byteOffset(begin)}`);
    if (name !== "" && name !== tag.name)
      throw fail(
        `Unmatched end tag at byte offset ${this.#byteOffset(begin)}, expected "</${tag.name}>", found "</${name}>"`,
      );
    this.#close(tag);
  }

  #take(pattern: RegExp): string {
    const from = this.#at;
    while (this.#at < this.#source.length && pattern.test(this.#source.charAt(this.#at))) this.#at += 1;
    return this.#source.slice(from, this.#at);
  }

  #close(tag: OpenTag): void {
    const length = this.#out.length - tag.start;
    const at = { offset: tag.start, length };
    const simple = SIMPLE_TAGS[tag.name];
    const attribute = (name: string): string => tag.attributes.get(name) ?? "";
    if (tag.name === "span" && attribute("class") !== "tg-spoiler")
      throw fail('Tag "span" must have class "tg-spoiler"');
    if (tag.name === "tg-emoji" && !/^\d+$/.test(attribute("emoji-id")))
      throw fail("Invalid custom emoji identifier specified");
    if (tag.name === "tg-time") {
      if (!/^-?\d+$/.test(attribute("unix"))) throw fail("Invalid date specified");
      if (!TIME_FORMAT.test(attribute("format"))) throw fail("Invalid date-time format specified");
    }
    if (length === 0) return;
    if (simple) {
      const outer = this.#open.at(-1);
      const language = attribute("class").replace(/^language-/, "");
      if (tag.name === "code" && outer?.name === "pre" && outer.start === tag.start && attribute("class") !== "") {
        this.#entities.push({ type: "pre", ...at, language });
        return;
      }
      this.#push({ type: simple, ...at });
      return;
    }
    switch (tag.name) {
      case "span":
        this.#push({ type: "spoiler", ...at });
        return;
      case "pre": {
        const already = this.#entities.some((e) => e.type === "pre" && e.offset === tag.start && e.length === length);
        if (!already) this.#push({ type: "pre", ...at });
        return;
      }
      case "blockquote":
        this.#push({ type: tag.attributes.has("expandable") ? "expandable_blockquote" : "blockquote", ...at });
        return;
      case "tg-emoji":
        this.#push({ type: "custom_emoji", ...at, custom_emoji_id: attribute("emoji-id") });
        return;
      case "tg-time":
        this.#push({
          type: "date_time",
          ...at,
          unix_time: Number(attribute("unix")),
          date_time_format: attribute("format") as MessageEntity.DateTimeMessageEntity["date_time_format"],
        });
        return;
      default: {
        // A link without a usable address is shown as plain text, not refused.
        const url = attribute("href") === "" ? this.#out.slice(tag.start) : attribute("href");
        if (/^(?:https?:\/\/|tg:\/\/|mailto:|tel:)?[^\s.]+\S*$/i.test(url))
          this.#push({ type: "text_link", ...at, url });
      }
    }
  }

  #push(entity: MessageEntity): void {
    this.#entities.push(entity);
  }
}

/**
 * Text and entities of HTML markup; entities ordered by offset, outer ones first.
 * @throws BotApiError `Bad Request: can't parse entities: ...`
 */
export function parseHtml(source: string): FormattedText {
  const { text, entities } = new HtmlReader(source).read();
  return { text, entities: entities.sort((a, b) => a.offset - b.offset || b.length - a.length) };
}
