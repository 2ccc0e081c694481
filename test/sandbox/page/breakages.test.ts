// "Break something": each leads to its unhappy path, and can be mended.
import { describe, expect, it } from "vitest";
import type { Deed, SandboxState } from "../../../src/support/answers/sandbox.ts";
import { linesOf, statesOf, textsOf, usePage } from "./support.ts";

const page = usePage();

const TO_CHECKOUT: readonly Deed[] = [
  { do: "start" },
  { do: "press", data: "v1:plans:" },
  { do: "press", data: "v1:plan:pro-month" },
];
const breaking = (what: Extract<Deed, { do: "break" }>["what"], on = true): Deed => ({ do: "break", what, on });
const all = (state: SandboxState): string => textsOf(state).join("\n---\n");
const isOn = (state: SandboxState, what: string) => state.breakages.find((one) => one.what === what)?.isOn;

describe("something breaks", () => {
  it("Telegram answers 429: what was to be said is said later", async () => {
    await page.current.begins("new", "en");
    const busy = await page.current.does(...TO_CHECKOUT, breaking("telegramBusy"));
    expect(isOn(busy, "telegramBusy")).toBe(true);
    await page.current.does({ do: "pay" });
    await page.current.stage.retried();
    const state = await page.current.settled();
    expect(isOn(state, "telegramBusy")).toBe(false);
    expect(all(state)).toMatch(/Payment received/);
  });

  it("no invite link: it is promised, and comes once the fault is mended", async () => {
    await page.current.begins("new", "en");
    const waiting = await page.current.does(...TO_CHECKOUT, breaking("inviteFails"), { do: "pay" });
    expect(all(waiting)).toMatch(/Payment received/);
    expect(statesOf(waiting, "invite").join()).toMatch(/granting/);
    await page.current.does(breaking("inviteFails", false));
    await page.current.stage.retried();
    expect(statesOf(await page.current.settled(), "invite")).toEqual(["linkIssued"]);
  });

  it("the customer blocks the bot, and comes back with Start", async () => {
    await page.current.begins("active", "en");
    const blocked = await page.current.does(breaking("botBlocked"));
    expect(statesOf(blocked, "customer").join()).toMatch(/contact\.botBlocked/);
    expect(isOn(blocked, "botBlocked")).toBe(true);
    const back = await page.current.does({ do: "start" });
    expect(isOn(back, "botBlocked")).toBe(false);
    expect(linesOf(back).slice(-2)).toEqual(["blocked", "unblocked"]);
    expect(statesOf(back, "customer").join()).toMatch(/contact\.reachable/);
  });

  it("a stranger uses the link: declined, and the owner gets a new one", async () => {
    await page.current.begins("new", "en");
    const state = await page.current.does(...TO_CHECKOUT, { do: "pay" }, breaking("strangerOnLink"));
    expect(all(state)).toMatch(/Someone tried your link/);
    const isPossible = (one: SandboxState) => one.breakages.find(({ what }) => what === "strangerOnLink")?.isPossible;
    expect(isPossible(state)).toBe(true);
    const joined = await page.current.does({ do: "join" });
    expect(statesOf(joined, "invite")).toEqual(["member"]);
    expect(isPossible(joined)).toBe(false);
  });

  it("Wildberries refuses the token", async () => {
    await page.current.begins("onboarding", "en");
    const fill: Deed = { do: "fillIn" };
    const state = await page.current.does(breaking("wbRefuses"), fill, fill, fill);
    expect(all(state)).toMatch(/Wildberries refused the token/);
    expect(state.question).toBe("token");
    const mended = await page.current.does(breaking("wbRefuses", false), fill);
    expect(statesOf(mended, "onboarding").join()).toMatch(/step\.ready/);
  });

  it("Wildberries does not answer: the token is kept, nothing has to be done", async () => {
    await page.current.begins("onboarding", "en");
    const fill: Deed = { do: "fillIn" };
    const state = await page.current.does(breaking("wbSilent"), fill, fill, fill);
    expect(statesOf(state, "onboarding").join()).toMatch(/step\.connecting/);
    await page.current.does(breaking("wbSilent", false));
    await page.current.stage.retried();
    expect(statesOf(await page.current.settled(), "onboarding").join()).toMatch(/step\.ready/);
  });

  it("one invoice is paid twice: the second payment is refused", async () => {
    await page.current.begins("new", "en");
    const state = await page.current.does(...TO_CHECKOUT, { do: "pay" }, breaking("paidTwice"));
    expect(state.trouble?.text).toMatch(/already paid/);
    expect(linesOf(state)).toEqual(["paid"]);
  });

  it("an invoice is paid by another person: refused", async () => {
    await page.current.begins("new", "en");
    const state = await page.current.does(...TO_CHECKOUT, breaking("paidByOther"));
    expect(state.trouble).toBeNull();
    expect(state.chat.filter(({ kind }) => kind === "overheard")).toMatchObject([{ text: /someone else/ }]);
    expect(all(state)).not.toMatch(/someone else/);
    expect(linesOf(state)).toEqual([]);
  });

  it("the price changes between invoice and payment", async () => {
    await page.current.begins("new", "en");
    const state = await page.current.does(...TO_CHECKOUT, breaking("priceChanged"), { do: "pay" });
    expect(state.trouble?.text).toMatch(/600/);
    expect(linesOf(state)).toEqual([]);
    const mended = await page.current.does(breaking("priceChanged", false), { do: "pay" });
    expect(linesOf(mended)).toEqual(["paid"]);
  });

  it("the message with the token can't be deleted", async () => {
    await page.current.begins("onboarding", "en");
    const fill: Deed = { do: "fillIn" };
    const state = await page.current.does(breaking("deleteFails"), fill, fill, fill);
    expect(all(state)).toMatch(/could not delete your message/);
  });

  it("and a reset mends all of it", async () => {
    await page.current.does(breaking("inviteFails"), breaking("priceChanged"), breaking("wbSilent"));
    const state = await page.current.begins("active");
    expect(state.breakages.filter((one) => one.isOn)).toEqual([]);
    expect(statesOf(state, "invite")).toEqual(["member"]);
  });
});
