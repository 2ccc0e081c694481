// Telegram's HTML as a tree, by a list of what is allowed: whatever else stands in a text is text.

export type MarkupTag = "b" | "i" | "u" | "s" | "code" | "pre" | "quote" | "spoiler" | "link";

export type MarkupNode =
  | { readonly text: string }
  | { readonly tag: MarkupTag; readonly href: string | null; readonly children: readonly MarkupNode[] };

const TAGS: Readonly<Record<string, MarkupTag>> = {
  b: "b",
  strong: "b",
  i: "i",
  em: "i",
  u: "u",
  ins: "u",
  s: "s",
  strike: "s",
  del: "s",
  code: "code",
  pre: "pre",
  blockquote: "quote",
  "tg-spoiler": "spoiler",
  a: "link",
};
/** Known, and shown by what stands in them alone: a reader's own time, an emoji with its fallback. */
const TRANSPARENT: ReadonlySet<string> = new Set(["tg-time", "tg-emoji", "span"]);
const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"' };
const TOKEN = /<(\/?)([a-z-]+)((?:\s[^<>]*)?)>|&(amp|lt|gt|quot|#\d{1,7}|#x[0-9a-f]{1,6});/gi;
const SAFE_LINK = /^(?:https?:\/\/|tg:\/\/|mailto:)/i;

interface Open {
  /** As written: what closes it. */
  readonly name: string;
  readonly tag: MarkupTag | null;
  readonly href: string | null;
  readonly children: MarkupNode[];
}

/** Never fails: a tag that is not closed ends with the text, a stray end is left out. */
export function parseMarkup(html: string): readonly MarkupNode[] {
  const root: MarkupNode[] = [];
  const open: Open[] = [];
  const here = (): MarkupNode[] => open.at(-1)?.children ?? root;
  const say = (text: string) => {
    if (text === "") return;
    const siblings = here();
    const last = siblings.at(-1);
    if (last && "text" in last) siblings[siblings.length - 1] = { text: last.text + text };
    else siblings.push({ text });
  };
  const close = () => {
    const ended = open.pop();
    if (!ended) return;
    if (ended.tag) here().push({ tag: ended.tag, href: ended.href, children: ended.children });
    else for (const child of ended.children) "text" in child ? say(child.text) : here().push(child);
  };

  let at = 0;
  for (const match of html.matchAll(TOKEN)) {
    say(html.slice(at, match.index));
    at = match.index + match[0].length;
    const [whole, slash, written = "", attributes = "", entity] = match;
    if (entity !== undefined) {
      say(decoded(entity, whole));
      continue;
    }
    const name = written.toLowerCase();
    const tag = TAGS[name] ?? null;
    if (!tag && !TRANSPARENT.has(name)) say(whole);
    else if (slash === "") open.push({ name, tag, href: tag === "link" ? linkIn(attributes) : null, children: [] });
    else if (open.some((waiting) => waiting.name === name)) {
      while (open.at(-1)?.name !== name) close();
      close();
    }
  }
  say(html.slice(at));
  while (open.length > 0) close();
  return root;
}

function decoded(entity: string, whole: string): string {
  if (!entity.startsWith("#")) return ENTITIES[entity.toLowerCase()] ?? whole;
  const code = /^#x/i.test(entity) ? Number.parseInt(entity.slice(2), 16) : Number(entity.slice(1));
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
}

/** Only addresses that a browser opens or hands on; a script is none of them. */
function linkIn(attributes: string): string | null {
  const [, double, single] = /\shref\s*=\s*(?:"([^"]*)"|'([^']*)')/i.exec(attributes) ?? [];
  const href = (double ?? single ?? "").replace(/&(amp|quot);/g, (_, name: string) => ENTITIES[name] ?? "");
  return SAFE_LINK.test(href) ? href : null;
}
