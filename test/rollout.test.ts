import { describe, expect, it } from "vitest";
import { parsePlans } from "../src/catalog-source.ts";
import { isOpenTo, Rollout, shareOf } from "../src/rollout.ts";
import { plansFile } from "./journeys/support/plans.ts";

const rollout = (data: unknown) => Rollout.parse(data);
const problems = (yaml: string) => {
  const read = parsePlans(plansFile({ rollout: yaml }), { isOwnTelegramApi: false });
  return read.ok ? [] : read.problems;
};
const everybody = Array.from({ length: 10_000 }, (_, index) => 7_000_000_000 + index * 7_919);

describe("a service that opens step by step", () => {
  it("is open to everybody without the section, and in the stage all", () => {
    expect(isOpenTo(null, 1)).toBe(true);
    expect(isOpenTo(rollout({ stage: "all" }), 1)).toBe(true);
  });

  it("is open to the team alone, then to the pilot's list too, whether ids are quoted or not", () => {
    const people = { team: [11], pilot: { list: ["22"] } };
    const open = (stage: string) => [11, 22, 33].filter((id) => isOpenTo(rollout({ ...people, stage }), id));
    expect(open("team")).toEqual([11]);
    expect(open("pilot")).toEqual([11, 22]);
    expect(open("all")).toEqual([11, 22, 33]);
  });

  it("is open to a percentage of the rest, near enough, and to whole numbers of them at the ends", () => {
    const open = (percent: number) =>
      everybody.filter((id) => isOpenTo(rollout({ stage: "pilot", team: [11], pilot: { percent } }), id)).length;
    expect(open(0)).toBe(0);
    expect(open(100)).toBe(everybody.length);
    for (const percent of [1, 10, 50]) expect(Math.abs(open(percent) - percent * 100)).toBeLessThan(200);
  });

  it("keeps whoever it was open to when the percentage grows, and picks others by another salt", () => {
    const open = (pilot: object) => new Set(everybody.filter((id) => isOpenTo(rollout({ stage: "pilot", pilot }), id)));
    const few = open({ percent: 5 });
    const more = open({ percent: 20 });
    expect([...few].filter((id) => !more.has(id))).toEqual([]);
    expect([...open({ percent: 5, salt: "second" })].every((id) => few.has(id))).toBe(false);
    // Stored nowhere: it must come out the same in every version.
    expect(shareOf("7000000000", "rollout")).toBeCloseTo(15.929_324, 6);
  });
});

describe("the section rollout of the plans file", () => {
  it("is part of the catalog and of its version", () => {
    const read = (yaml?: string) =>
      parsePlans(plansFile(yaml === undefined ? {} : { rollout: yaml }), { isOwnTelegramApi: false });
    const [without, team, all] = [read(), read("{ stage: team, team: [11] }"), read("{ stage: all, team: [11] }")];
    if (!without.ok || !team.ok || !all.ok) throw new Error("refused");
    expect(without.catalog.rollout).toBeNull();
    expect(team.catalog.rollout).toMatchObject({ stage: "team", team: ["11"] });
    expect(new Set([without, team, all].map(({ catalog }) => catalog.version)).size).toBe(3);
  });

  it.each([
    ["a team of nobody", "{ stage: team }", /^rollout\.team \(line \d+\): nobody could buy/],
    ["a pilot of nobody", "{ stage: pilot, pilot: { percent: 0 } }", /^rollout\.pilot \(line \d+\): nobody could buy/],
    ["a channel in the place of a person", '{ stage: team, team: ["-1001"] }', /^rollout\.team\[0\].*Telegram id/],
    ["more than all", "{ stage: pilot, pilot: { percent: 101 } }", /^rollout\.pilot\.percent/],
    ["a stage that there is not", "{ stage: everybody }", /^rollout\.stage/],
    ["a key that there is not", "{ stage: all, percent: 5 }", /^rollout\.percent.*no such key/],
  ])("is refused with %s, by place and reason", (_what, yaml, problem) => {
    expect(problems(yaml)).toEqual([expect.stringMatching(problem)]);
  });
});
