import { describe, expect, it } from "vitest";
import { makeTown } from "./support/town.ts";

describe("a person who never was here", () => {
  it("says hello, chooses a plan, pays, and joins", async () => {
    const town = await makeTown();
    const anna = town.someone();
    anna.start();
    await town.settle();
    console.log(anna.screen());
    await town.subscribe(anna);
    console.log(anna.messages().map((m) => [m.text, m.buttons]));
    console.log(town.log, town.counts, town.updates.length);
    const joining = anna.press("Вступить в канал");
    anna.openLink((joining as { url: string }).url);
    await town.settle();
    console.log(anna.screen());
    expect(anna.isIn(town.channelId)).toBe(true);
  });
});
