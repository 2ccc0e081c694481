import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openStage, type Stage } from "../../src/sandbox/play/stage.ts";
import { makeStory, type Story } from "../../src/sandbox/play/story.ts";

let stage: Stage;
let story: Story;
beforeAll(async () => {
  stage = await openStage();
  story = makeStory(stage);
});
afterAll(() => stage.close());

describe("one subscriber's whole life, as `npm run play` shows it", () => {
  it("has every step right", async () => {
    for (const step of story.steps) {
      await step.act();
      const wrong = (await step.expect()).filter(([, holds]) => !holds).map(([claim]) => claim);
      expect(wrong, `${step.who} ${step.what}`).toEqual([]);
    }
  }, 60_000);
});
