// The sandbox's clock: it stands until a person moves it, or until work that is under way needs a little of it.
import { expect, it } from "vitest";
import { GO_ON_MS } from "../../../src/sandbox/page/go-on.ts";
import type { Deed } from "../../../src/support/answers/sandbox.ts";
import { statesOf, usePage } from "./support.ts";

const page = usePage();
const UP_TO_THE_TOKEN: readonly Deed[] = [
  { do: "start" },
  { do: "press", data: "v1:plans:" },
  { do: "press", data: "v1:plan:pro-month" },
  { do: "pay" },
  { do: "join" },
  { do: "press", data: "v1:connect:wb-analytics" },
  { do: "fillIn" },
  { do: "fillIn" },
];

it("shows where the subscription will begin as soon as somebody is known", async () => {
  const before = await page.current.begins("new");
  expect(before.toCome).toEqual([]);
  const known = await page.current.does({ do: "start" });
  expect(statesOf(known, "customer")).toContain("contact.reachable");
  expect(known.toCome).toMatchObject([{ machine: "subscription", states: expect.arrayContaining(["billing.lead"]) }]);
  const chosen = await page.current.does(
    { do: "press", data: "v1:plans:" },
    { do: "press", data: "v1:plan:pro-month" },
  );
  expect(chosen.toCome).toEqual([]);
});

it("stands while people write, pay and join: nothing ends and nobody is reminded", async () => {
  const { clock: begun } = await page.current.begins("new");
  const state = await page.current.does(...UP_TO_THE_TOKEN);
  expect(state.clock).toMatchObject({ now: begun.now, status: "settled", wentOn: { ms: 0, waits: [] } });
  expect([...new Set(state.happened.map(({ at }) => at))]).toEqual([begun.now]);
  expect(state.happened.filter(({ who }) => who === "clock")).toEqual([]);
  expect(state.timers.length).toBeGreaterThan(0);
});

it("goes on by itself while a collection runs, no longer than that, and says so", async () => {
  const { product } = page.current.stage;
  product.setCollector({ mode: "async", seconds_per_day: 12 });
  try {
    const { clock: begun } = await page.current.begins("new");
    const state = await page.current.does(...UP_TO_THE_TOKEN, { do: "fillIn" });
    expect(statesOf(state, "onboarding").join()).toMatch(/step\.ready/);
    expect(state.clock.wentOn).toEqual({ ms: state.clock.now - begun.now, waits: ["onboarding jobPollDelay"] });
    expect(state.clock.wentOn.ms).toBe(30_000);
    expect(state.happened.filter(({ who }) => who === "clock").every(({ event }) => /jobPollDelay/.test(event))).toBe(
      true,
    );
    const later = await page.current.does({ do: "say", text: "/status" });
    expect(later.clock).toMatchObject({ now: state.clock.now, wentOn: { ms: 0, waits: [] } });
  } finally {
    product.setCollector({ mode: "auto", seconds_per_day: 20 });
  }
});

it("waits no longer than two minutes for work that takes longer", async () => {
  const { product } = page.current.stage;
  product.setCollector({ mode: "async", seconds_per_day: 600 });
  try {
    const { clock: begun } = await page.current.begins("new");
    const state = await page.current.does(...UP_TO_THE_TOKEN, { do: "fillIn" });
    expect(statesOf(state, "onboarding").join()).toMatch(/step\.connecting/);
    expect(state.clock.now - begun.now).toBeGreaterThan(0);
    expect(state.clock.now - begun.now).toBeLessThanOrEqual(GO_ON_MS);
  } finally {
    product.setCollector({ mode: "auto", seconds_per_day: 20 });
  }
});
