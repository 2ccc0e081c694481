import { describe, expect, it } from "vitest";
import { parseMarkup } from "../../src/console/parts/telegram-markup.ts";

const b = (...children: object[]) => ({ tag: "b", href: null, children });
const text = (value: string) => ({ text: value });

describe("Telegram's HTML", () => {
  it("keeps what is allowed, nested", () => {
    expect(parseMarkup("<b>Paid, <code>ch&amp;1</code></b> thanks")).toEqual([
      b(text("Paid, "), { tag: "code", href: null, children: [text("ch&1")] }),
      text(" thanks"),
    ]);
  });

  it("shows as text whatever else looks like a tag", () => {
    expect(parseMarkup('<script>alert(1)</script><img src=x onerror="x">')).toEqual([
      text('<script>alert(1)</script><img src=x onerror="x">'),
    ]);
  });

  it("opens no link that could run something", () => {
    expect(parseMarkup('<a href="javascript:alert(1)">x</a>')).toEqual([
      { tag: "link", href: null, children: [text("x")] },
    ]);
    expect(parseMarkup('<a href="https://t.me/x?a=1&amp;b=2">x</a>')).toEqual([
      { tag: "link", href: "https://t.me/x?a=1&b=2", children: [text("x")] },
    ]);
  });

  it("leaves a time its own words", () => {
    expect(parseMarkup('until <tg-time unix="1" format="d">1 May</tg-time>!')).toEqual([text("until 1 May!")]);
  });

  it("decodes what is escaped, once", () => {
    expect(parseMarkup("&lt;b&gt; &amp;lt; &#33; &nbsp;")).toEqual([text("<b> &lt; ! &nbsp;")]);
  });

  it("ends what was not closed, and forgets an end without a beginning", () => {
    expect(parseMarkup("a</i><b>c")).toEqual([text("a"), b(text("c"))]);
    expect(parseMarkup("<b>a<i>c</b>d")).toEqual([
      b(text("a"), { tag: "i", href: null, children: [text("c")] }),
      text("d"),
    ]);
  });
});
