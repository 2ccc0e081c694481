import { describe, expect, it } from "vitest";
import type { CustomerNotice } from "../../machines/effects.ts";
import { tellCustomer } from "../../src/bot/notices.ts";
import type { Standing } from "../../src/bot/view.ts";
import { aProduct, aReader, aView } from "./support/views.ts";

const told = (notice: CustomerNotice, standing: Standing) =>
  tellCustomer({ notice, product: "club", params: {} }, aView([aProduct(standing)]), aReader(), null, null)?.screen
    .text;

describe("the word that the renewal was switched off at Telegram", () => {
  it.each(["ending", "slack", "grace"] as const)("names the end of access in %s", (standing) => {
    expect(told("renewal.canceled", standing)).toMatch(/^Продление отключено, доступ до/);
  });
  it("says to somebody with access for life why nothing is charged any more, and names no end", () => {
    expect(told("renewal.canceled", "lifetime")).toMatch(/навсегда, поэтому продление отключено/);
  });
  it.each(["hold", "paused", "expired", "refunded", "renewing", "prepaid"] as const)(
    "promises no access that there is not, and takes nothing for off that is on: not said in %s",
    (standing) => {
      expect(told("renewal.canceled", standing)).toBeUndefined();
    },
  );
});

describe("the word that Telegram could not be told to stop charging", () => {
  const toldOf = (intent: string) =>
    tellCustomer(
      { notice: "renewal.stopFailed", product: "club", params: {} },
      aView([aProduct("ending", { intent })]),
      aReader(),
      null,
      null,
    )?.screen;
  it("says so, and how to do it alone", () => {
    const screen = toldOf("endsAtPeriodEnd.stopFailed");
    expect(screen?.text).toMatch(/ещё может списать.*Подписки → эта подписка/s);
    expect(screen?.keyboard.flat()).toContainEqual(expect.objectContaining({ callback_data: "v1:cancel:club" }));
  });
  it("is not said any more when a later try went through", () => {
    expect(toldOf("endsAtPeriodEnd.stopped")).toBeUndefined();
  });
});

describe("the word to somebody whose link a stranger used", () => {
  const toldOf = (params: Record<string, boolean>) =>
    tellCustomer(
      { notice: "link.misused", product: "club", params },
      aView([aProduct("renewing")]),
      aReader({ language: "en" }),
      null,
      null,
    )?.screen.text;
  it("says that nobody was let in, where that is so", () => {
    expect(toldOf({ replaced: false })).toContain("We let nobody in");
    expect(toldOf({ replaced: true, joined: false })).toMatch(/We let nobody in and made you a new one/);
  });
  it("says that somebody came in, where a link lets in whoever has it", () => {
    expect(toldOf({ replaced: false, joined: true })).toMatch(/^Someone came in by your link. We are removing them/);
    expect(toldOf({ replaced: true, joined: true })).toMatch(/We are removing them, and made you a new link/);
  });
});

describe("the answer of support", () => {
  it("fits a message as Telegram counts it, whatever it is made of", () => {
    const family = "👨‍👩‍👧‍👦".repeat(3_000);
    const { text = "" } =
      tellCustomer({ notice: "ticket.answered", product: null, params: {} }, aView([]), aReader(), null, family)
        ?.screen ?? {};
    expect(text.length).toBeLessThan(4_096);
    expect(text).toContain("👨‍👩‍👧‍👦</blockquote>");
  });
});

describe("the word that the renewal was switched on at Telegram", () => {
  it("names the next charge while there is one", () => {
    expect(told("renewal.enabled", "renewing")).toMatch(/^Продление включено\. Следующее списание: 500 ⭐/);
  });
  it.each(["grace", "hold", "expired", "ending"] as const)("names none in %s, where it is not said", (standing) => {
    expect(told("renewal.enabled", standing)).toBeUndefined();
  });
});
