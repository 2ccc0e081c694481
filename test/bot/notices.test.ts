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

describe("the word that the renewal was switched on at Telegram", () => {
  it("names the next charge while there is one", () => {
    expect(told("renewal.enabled", "renewing")).toMatch(/^Продление включено\. Следующее списание: 500 ⭐/);
  });
  it.each(["grace", "hold", "expired", "ending"] as const)("names none in %s, where it is not said", (standing) => {
    expect(told("renewal.enabled", standing)).toBeUndefined();
  });
});
