// The story of the sandbox's page, by its own API: what a visitor can do, and what is seen of it.
import { describe, expect, it } from "vitest";
import { SandboxState, type Seed } from "../../../src/support/answers/sandbox.ts";
import { linesOf, statesOf, textsOf, usePage } from "./support.ts";

const page = usePage();

describe("the story", () => {
  it("goes from Start to a second payment by what Play proposes, with every step done", async () => {
    const client = page.current;
    let state = await client.begins("new");
    expect(state.play).toEqual({ do: "start" });
    const seen: string[] = [];
    for (let count = 0; state.play !== null && count < 40; count += 1) {
      seen.push(JSON.stringify(state.play));
      state = await client.does(state.play);
      expect(state.trouble).toBeNull();
      expect(state.clock.next).toEqual(state.timers[0] ?? null);
    }
    expect(SandboxState.parse(state)).toBeTruthy();
    expect(state.steps.filter(({ isDone }) => !isDone)).toEqual([]);
    expect(statesOf(state, "subscription").join()).toMatch(/billing\.active/);
    expect(statesOf(state, "invite")).toEqual(["member"]);
    expect(linesOf(state)).toEqual(["paid", "asked", "joined", "removed", "paid", "asked", "joined"]);
    expect(textsOf(state).join("\n")).not.toContain("eyJ");
    expect(seen.length).toBeLessThan(26);
  });

  it.each([
    ["onboarding", "onboarding", /asking\.awaitingEmail/],
    ["active", "subscription", /billing\.active/],
    ["grace", "subscription", /billing\.pastDue\.grace/],
    ["hold", "subscription", /billing\.pastDue\.hold/],
    ["expired", "subscription", /billing\.expired/],
    ["revoked", "subscription", /billing\.revoked/],
  ] as const)("begins at %s by playing the steps before it", async (seed: Seed, machine, pattern) => {
    const before = await page.current.state();
    const state = await page.current.begins(seed, "en");
    expect(state.trouble).toBeNull();
    expect(state.visitor.userId).not.toBe(before.visitor.userId);
    expect(statesOf(state, machine).join()).toMatch(pattern);
  });
});
