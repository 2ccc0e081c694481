import { describe, expect, it } from "vitest";
import type { CustomerNotice } from "../../machines/effects.ts";
import { tellCustomer } from "../../src/bot/notices.ts";
import { homeScreen, statusScreen } from "../../src/bot/screens/status.ts";
import { DAY_MS } from "../machines/support/terms.ts";
import { aProduct, aReader, aSubscription, aView, NOW } from "./support/views.ts";

const reader = aReader({ language: "en" });
/** The charge for the next month failed, and two months are paid. */
const failed = aProduct("renewing", {
  subscription: aSubscription({ renewalFailedAt: NOW - DAY_MS, renewsAt: NOW - DAY_MS }),
  chargeAt: null,
});

describe("a renewal that failed while paid time is left", () => {
  it("is shown as such, without a date of the next charge", () => {
    const screen = statusScreen(failed, reader);
    expect(screen.text).toMatch(/active until .*The renewal was not paid: Telegram could not charge 500 ⭐/s);
    expect(screen.text).not.toContain("Next charge");
    const [first] = screen.keyboard.flat().filter((button) => "callback_data" in button);
    expect(first).toMatchObject({ callback_data: "v1:topup:", style: "primary" });
    expect(screen.keyboard.flat()).toContainEqual(expect.objectContaining({ callback_data: "v1:cancelask:club" }));
  });

  it("is shown among several subscriptions", () => {
    const other = aProduct("prepaid", { code: "other" });
    expect(homeScreen(aView([failed, other]), reader).text).toContain("active, the renewal was not paid");
  });

  const told = (notice: CustomerNotice, product = failed) =>
    tellCustomer({ notice, product: "club", params: {} }, aView([product]), reader, null, null)?.screen;

  it("is what a reminder of the end says", () => {
    expect(told("reminder.ending")?.text).toMatch(/ends in 30 days.*could not charge 500 ⭐/s);
  });

  it("leaves no charge to remind of", () => {
    expect(told("reminder.renewing")).toBeUndefined();
  });

  it("is over when the charge came before the reminder was sent", () => {
    expect(told("reminder.ending", aProduct("renewing"))).toBeUndefined();
    expect(told("reminder.renewing", aProduct("renewing"))?.text).toContain("Telegram will charge");
  });
});
