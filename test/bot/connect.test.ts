// Words about the set-up that time has overtaken, and buttons of screens that are not current: what no whole run comes to.
import { describe, expect, it } from "vitest";
import type { CustomerNotice } from "../../machines/effects.ts";
import type { OnboardingContext } from "../../machines/onboarding/types.ts";
import { CALLBACK_DATA_MAX, parsePress } from "../../src/bot/callback-data.ts";
import type { Desk } from "../../src/bot/desk.ts";
import { goBack, openConnect, renewToken } from "../../src/bot/features/connect.ts";
import { tellCustomer } from "../../src/bot/notices.ts";
import { connectScreen, openStep, progressKind, readyKind } from "../../src/bot/screens/connect.ts";
import type { OnboardingView, ProductView } from "../../src/bot/view.ts";
import { aConnectable, aConnection, anOnboarding, aProduct, aReader, aView, NOW, SHEET } from "./support/views.ts";

const reader = aReader({ language: "en" });

const tell = (
  notice: CustomerNotice,
  onboarding: OnboardingView | null,
  { params = {}, current = null as string | null, entitled = true } = {},
) =>
  tellCustomer(
    { notice, product: "club", params },
    aView([aConnectable(onboarding, { entitled })]),
    reader,
    current,
    null,
  );

const STATES = [
  "asking.awaitingEmail",
  "asking.awaitingToken",
  "connecting.registering",
  "retrying",
  "needsAttention",
  "waitingForData.waiting",
  "ready.watching",
  "resting",
  "paused",
];

const current = progressKind("club");

describe("a word about the set-up", () => {
  it.each<[CustomerNotice, readonly string[], Partial<OnboardingContext>]>([
    ["connect.progress", ["connecting.registering"], {}],
    ["connect.problem", ["asking.awaitingEmail", "asking.awaitingToken"], { problem: "tokenLost" }],
    ["connect.waiting", ["waitingForData.waiting"], {}],
    ["connect.ready", ["ready.watching"], {}],
    ["connect.reminder", ["asking.awaitingEmail", "asking.awaitingToken", "resting"], {}],
  ])("%s is said only while it is true", (notice, states, context) => {
    for (const state of STATES)
      expect([state, tell(notice, anOnboarding(state, context), { current }) !== null]).toEqual([
        state,
        states.includes(state),
      ]);
    expect(tell(notice, null, { current })).toBeNull();
    expect(tell(notice, anOnboarding(states[0] ?? "", context), { current, entitled: false })).toBeNull();
  });

  it("of success takes the place of an answer that came late and says the same: nobody reads Done twice", () => {
    const ready = anOnboarding("ready.watching");
    const answer = connectScreen(aConnectable(ready), reader);
    const told = tell("connect.ready", ready, { current: answer.kind });
    expect(told?.replaces).toContain(answer.kind);
    expect(told?.screen.text).toBe(answer.text);
  });

  it("of progress is said only where it is watched", () => {
    expect(tell("connect.progress", anOnboarding("connecting.registering"), { current: "status" })).toBeNull();
    expect(tell("connect.ready", anOnboarding("ready.watching"), { current: "status" })).not.toBeNull();
  });

  it("of a problem is not said when it is solved, nor of slowness when it is over", () => {
    expect(tell("connect.problem", anOnboarding("asking.awaitingToken", { problem: null }))).toBeNull();
    expect(tell("connect.delayed", anOnboarding("retrying", { problem: "unavailable" }))).not.toBeNull();
    expect(tell("connect.delayed", anOnboarding("connecting.registering", { problem: null }))).toBeNull();
    expect(tell("connect.attention", anOnboarding("needsAttention", { problem: "refused" }))).not.toBeNull();
    expect(tell("connect.attention", anOnboarding("ready.watching", { problem: null }))).toBeNull();
  });

  it("of progress takes the place of progress; what must be noticed is a message of its own", () => {
    const replaced = (notice: CustomerNotice, state: string, context = {}) =>
      tell(notice, anOnboarding(state, context), { current })?.replaces;
    expect(replaced("connect.progress", "connecting.registering")).toEqual([progressKind("club")]);
    expect(replaced("connect.ready", "ready.watching")).toEqual([progressKind("club"), readyKind("club")]);
    expect(replaced("connect.problem", "asking.awaitingToken", { problem: "tokenLost" })).toEqual([]);
    expect(replaced("connect.attention", "needsAttention", { problem: "refused" })).toEqual([]);
  });

  it("of an expiring token is not said once the token is another, or its spreadsheet gone", () => {
    const old = aConnection({ tokenExpiresAt: NOW + 1_000 });
    const params = { spreadsheetId: SHEET, until: old.tokenExpiresAt, days: 1 };
    const working = (connections: readonly ReturnType<typeof aConnection>[]) =>
      anOnboarding("ready.watching", { connections, spreadsheetId: null });
    expect(tell("token.expiring", working([old]), { params })).not.toBeNull();
    expect(tell("token.expiring", working([aConnection()]), { params })).toBeNull();
    expect(tell("token.expiring", working([]), { params })).toBeNull();
  });
});

describe("the date of the first data", () => {
  const withRefresh = (connectedAt: number) => {
    const { subscription } = aProduct("renewing");
    const terms = subscription?.terms ?? null;
    if (subscription === null || terms === null) throw new Error("no terms");
    const connect = { readyMs: null, refreshMs: 3_600_000, sheets: 1 };
    const working = anOnboarding("ready.watching", { connections: [aConnection({ connectedAt })] });
    const sold = { ...subscription, terms: { ...terms, connect } };
    return connectScreen(aConnectable(working, { subscription: sold }), reader).text;
  };
  it("is told while it lies ahead, and not when it is over", () => {
    expect(withRefresh(NOW)).toContain("The first data will be in the sheet by");
    expect(withRefresh(NOW - 3_600_000)).toContain("Data are arriving.");
  });
});

describe("the buttons of the set-up", () => {
  it("fit, also for a product with the longest code there may be", () => {
    const code = "p".repeat(32);
    const connections = Array.from({ length: 20 }, (_, index) => aConnection({ spreadsheetId: `${SHEET}${index}` }));
    for (const state of STATES) {
      const problem = state === "asking.awaitingToken" ? "tokenLost" : null;
      const { keyboard } = connectScreen(aConnectable(anOnboarding(state, { connections, problem }), { code }), reader);
      for (const button of keyboard.flat()) {
        if (!("callback_data" in button)) continue;
        expect(Buffer.byteLength(button.callback_data)).toBeLessThanOrEqual(CALLBACK_DATA_MAX);
        expect(parsePress(button.callback_data)).not.toBeNull();
      }
    }
  });
});

/** A desk in front of these products; what is sent to actors is noted. */
function aDesk(...products: readonly ProductView[]) {
  const sent: { readonly address: string; readonly type: string }[] = [];
  const view = aView(products);
  const desk = {
    deps: {
      actors: { send: async (address: string, { type }: { type: string }) => void sent.push({ address, type }) },
    },
    visit: async () => ({ view, reader }),
    draw: async (_: number, screen: (visit: unknown) => unknown) => screen({ view, reader }),
    home: async () => ({ kind: "home", text: "home", keyboard: [] }),
  } as unknown as Desk;
  return { desk, sent };
}

describe("somebody with several products", () => {
  const other = aConnectable(anOnboarding("asking.awaitingEmail", { email: null, spreadsheetId: null }), {
    code: "other",
    title: { ru: "Другой", en: "Other" },
  });
  const one = aConnectable(anOnboarding("asking.awaitingToken"));

  it("is asked which, and led to the one that is chosen", async () => {
    const { desk, sent } = aDesk(one, other);
    const list = await openConnect(desk, 7_012_345_678, 1);
    expect(list).toMatchObject({ kind: "connectList", text: "What shall we connect?" });
    expect(list.keyboard.flat().map((button) => "callback_data" in button && button.callback_data)).toEqual([
      "v1:connect:club",
      "v1:connect:other",
      "v1:home:",
    ]);
    expect(sent).toEqual([]);
    expect((await openConnect(desk, 7_012_345_678, 2, "other")).text).toContain("Step 1 of 3");
    expect(sent).toEqual([{ address: "onboarding/7012345678:other", type: "connect.opened" }]);
  });

  it("is led to the only one that can be connected", async () => {
    const { desk } = aDesk(one, aProduct("renewing", { code: "other" }));
    expect((await openConnect(desk, 7_012_345_678, 1)).text).toContain("Step 3 of 3");
  });
});

describe("a button of a step that is not current any more", () => {
  it("goes back from that step only", async () => {
    const product = aConnectable(anOnboarding("asking.awaitingSpreadsheet"));
    const { desk, sent } = aDesk(product);
    expect(openStep(product.onboarding as OnboardingView)).toBe(2);
    for (const arg of ["club.3", "club.1", "club.9"]) {
      expect((await goBack(desk, 7_012_345_678, arg, 1)).text).toContain("Step 2 of 3");
      expect(sent).toEqual([]);
    }
    await goBack(desk, 7_012_345_678, "club.2", 1);
    expect(sent.map(({ type }) => type)).toEqual(["step.back"]);
    expect(await goBack(desk, 7_012_345_678, "nothing.2", 1)).toMatchObject({ kind: "home" });
  });

  it("replaces no token of a spreadsheet that is not there", async () => {
    const { desk, sent } = aDesk(aConnectable(anOnboarding("ready.watching", { connections: [aConnection()] })));
    expect(await renewToken(desk, 7_012_345_678, "club.1", 1)).toMatchObject({ kind: "home" });
    expect(sent).toEqual([]);
    await renewToken(desk, 7_012_345_678, "club.0", 1);
    expect(sent.map(({ type }) => type)).toEqual(["token.requested"]);
  });
});
