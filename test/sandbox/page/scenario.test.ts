// A scenario: what was done, as JSON that does the same in another world.
import { describe, expect, it } from "vitest";
import { openStage } from "../../../src/sandbox/play/stage.ts";
import { type Deed, type SandboxState, Scenario } from "../../../src/support/answers/sandbox.ts";
import { linesOf, PageClient, textsOf, usePage } from "./support.ts";

const page = usePage();

/** What must be the same: states, what was told and done. Ids and times are another world's. */
const resultOf = (state: SandboxState) => ({
  states: state.actors.map(({ machine, states }) => [machine, states]),
  lines: linesOf(state),
  buttons: state.chat.flatMap((item) => (item.kind === "bubble" ? item.buttons.flat().map(({ text }) => text) : [])),
  messages: textsOf(state).length,
  steps: state.steps,
});

describe("a scenario", () => {
  it("is what was done since the reset, and leads to the same in another world", async () => {
    const client = page.current;
    await client.begins("new", "en");
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
    expect(scenario).toEqual({ version: 1, language: "en", deeds });

    const elsewhere = new PageClient(await openStage());
    try {
      expect((await elsewhere.call("POST", "/scenario", scenario)).status).toBeLessThan(300);
      expect(resultOf(await elsewhere.settled())).toEqual(before);
    } finally {
      await elsewhere.stage.close();
    }
  });

  it("holds no token that somebody typed", async () => {
    await page.current.begins("onboarding");
    await page.current.does({ do: "fillIn" }, { do: "fillIn" }, { do: "say", text: "eyJhbGciOi.eyJzdWIi.c2ln" });
    const { body } = await page.current.call("GET", "/scenario");
    expect(JSON.stringify(body)).not.toContain("eyJ");
  });

  it("of another shape is refused", async () => {
    const { status } = await page.current.call("POST", "/scenario", {
      version: 1,
      language: "en",
      deeds: [{ do: "rob" }],
    });
    expect(status).toBe(400);
  });
});
