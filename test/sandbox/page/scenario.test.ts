// A scenario: what was done, as JSON that does the same in another world.
import { describe, expect, it } from "vitest";
import { openStage } from "../../../src/sandbox/play/stage.ts";
import { type Deed, type SandboxState, Scenario } from "../../../src/support/answers/sandbox.ts";
import { linesOf, PageClient, statesOf, textsOf, usePage } from "./support.ts";

const DAY_MS = 86_400_000;

const page = usePage();

/** What must be the same: states, what was told and done, and when. Ids are another world's. */
const resultOf = (state: SandboxState) => ({
  now: state.clock.now,
  timers: state.timers.map(({ machine, name, dueAt }) => [machine, name, dueAt]),
  times: state.chat.map(({ at }) => at),
  states: state.actors.map(({ machine, states }) => [machine, states]),
  lines: linesOf(state),
  buttons: state.chat.flatMap((item) => (item.kind === "bubble" ? item.buttons.flat().map(({ text }) => text) : [])),
  messages: textsOf(state).length,
  steps: state.steps,
});

describe("a scenario", () => {
  it("is what was done since the reset, and leads to the same in another world", async () => {
    const client = page.current;
    // Ahead of the other world, which goes there first.
    await client.does({ do: "advance", ms: DAY_MS });
    const { clock } = await client.begins("new", "en");
    const deeds: Deed[] = [
      { do: "start" },
      { do: "press", data: "v1:plans:" },
      { do: "press", data: "v1:plan:pro-month" },
      { do: "pay" },
      { do: "break", what: "strangerOnLink", on: true },
      { do: "join" },
      { do: "press", data: "v1:connect:wb-analytics" },
      { do: "say", text: "not an address" },
      { do: "fillIn" },
      { do: "advance", ms: 3_600_000 },
      { do: "nextTimer" },
    ];
    const before = resultOf(await client.does(...deeds));
    const scenario = Scenario.parse((await client.call("GET", "/scenario")).body);
    expect(scenario).toEqual({ version: 1, startAt: clock.now, seed: "new", language: "en", deeds });

    const elsewhere = new PageClient(await openStage());
    try {
      expect((await elsewhere.call("POST", "/scenario", scenario)).status).toBeLessThan(300);
      expect(resultOf(await elsewhere.settled())).toEqual(before);
    } finally {
      await elsewhere.stage.close();
    }
  });

  it("that began in the past begins at the same time of a later day, where its seed says", async () => {
    const client = page.current;
    const { clock } = await client.state();
    const startAt = clock.now - 3 * DAY_MS - 3_600_000;
    await client.call("POST", "/scenario", { version: 1, startAt, seed: "active", language: "ru", deeds: [] });
    const state = await client.settled();
    expect(statesOf(state, "subscription").join()).toMatch(/billing\.active/);
    const { body } = await client.call("GET", "/scenario");
    expect(body).toEqual({ version: 1, startAt: startAt + 4 * DAY_MS, seed: "active", language: "ru", deeds: [] });
  });

  it("holds no token that somebody typed", async () => {
    await page.current.begins("onboarding");
    await page.current.does({ do: "fillIn" }, { do: "fillIn" }, { do: "say", text: "eyJhbGciOi.eyJzdWIi.c2ln" });
    const { body } = await page.current.call("GET", "/scenario");
    expect(JSON.stringify(body)).not.toContain("eyJ");
  });

  it("of another shape is refused, and the field is named", async () => {
    const { status, body } = await page.current.call("POST", "/scenario", {
      version: 1,
      language: "en",
      deeds: [{ do: "start" }, { do: "advance", ms: "soon" }],
    });
    expect(status).toBe(400);
    expect(JSON.stringify(body)).toContain("deeds.1.ms");
  });
});
