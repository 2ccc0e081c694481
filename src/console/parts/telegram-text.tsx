// A message of the bot as Telegram would show it. Never put into the page as HTML: built from a tree of allowed parts.
import type { ComponentChildren } from "preact";
import { type MarkupNode, parseMarkup } from "./telegram-markup.ts";

/** @param html Telegram's HTML, as in a message with `parse_mode: HTML` */
export function TelegramText({ html }: { readonly html: string }) {
  return <div class="telegram-text">{nodes(parseMarkup(html))}</div>;
}

const nodes = (tree: readonly MarkupNode[]): ComponentChildren =>
  tree.map((node, at) => ("text" in node ? node.text : <Marked key={at} node={node} />));

function Marked({ node }: { readonly node: Extract<MarkupNode, { readonly tag: string }> }) {
  const children = nodes(node.children);
  switch (node.tag) {
    case "b":
      return <b>{children}</b>;
    case "i":
      return <i>{children}</i>;
    case "u":
      return <u>{children}</u>;
    case "s":
      return <s>{children}</s>;
    case "code":
      return <code>{children}</code>;
    case "pre":
      return <pre>{children}</pre>;
    case "quote":
      return <blockquote>{children}</blockquote>;
    case "spoiler":
      return <span class="spoiler">{children}</span>;
    case "link":
      return node.href === null ? (
        <span>{children}</span>
      ) : (
        <a href={node.href} target="_blank" rel="noreferrer noopener">
          {children}
        </a>
      );
  }
}
