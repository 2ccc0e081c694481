import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { EXIT_CODES } from "../../src/exit-codes.ts";
import { PARITY_KEY_DEFAULTS } from "../../src/quality/settings.ts";
import { runParityDay } from "../../src/startup/parity-day.ts";
import { DAY, FREEZE, slice } from "../quality/slices/support/new-slice.ts";
import { useSlices } from "../quality/slices/support/slices.ts";

const opened = useSlices();
const KEYS = Object.keys(PARITY_KEY_DEFAULTS);
let data = "";

beforeAll(async () => {
  const { store, root } = await opened.open("data/slices");
  data = join(root, "..");
  const rows = (value: number) =>
    [1, 2, 3, 4].map((nmId) => ({ date: DAY, nmId, values: KEYS.map(() => (nmId === 4 ? value : 100)) }));
  for (const [side, value] of [
    ["upstream", 100],
    ["local", 150],
  ] as const)
    await store.putSealed({ ...slice([]), side, keys: KEYS, rows: rows(value) }, 1, FREEZE);
});

async function run(args: readonly string[], env: Record<string, string> = {}, hasTerminal = false) {
  let [out, said] = ["", ""];
  const code = await runParityDay({
    ...{ args, env, hasTerminal },
    print: (text) => {
      out += text;
    },
    complain: (text) => {
      said += text;
    },
  });
  return { code, out, said };
}

describe("parity:day", () => {
  it("counts a frozen day of all spreadsheets anew, from the files alone", async () => {
    const { code, out, said } = await run(["--day", DAY, "--data", data]);
    expect([code, said]).toEqual([EXIT_CODES.stopped, ""]);
    const answer = JSON.parse(out);
    expect(answer).toMatchObject({ dataset: "checklist", day: DAY, scopes: 1, numericExactRatio: 0.75 });
    expect(answer.keys.stocks_total).toMatchObject({ nCells: 4, nExact: 3, exactRatio: 0.75, wape: 0.125 });
  });

  it("takes the folder from DATA_DIR, and shows on a terminal how far it is", async () => {
    const { out, said } = await run(["--day", DAY], { DATA_DIR: data }, true);
    expect(JSON.parse(out).scopes).toBe(1);
    expect(said).toBe(`\rcompared [${"#".repeat(30)}] 1 of 1 spreadsheets\n`);
  });

  it("of a day that nobody froze finds nothing", async () => {
    const { code, out } = await run(["--day", "2026-01-01", "--data", data]);
    expect(code).toBe(EXIT_CODES.stopped);
    expect(JSON.parse(out)).toMatchObject({ scopes: 0, nCells: 0, numericExactRatio: null });
  });

  it("refuses what it cannot work with, in a sentence", async () => {
    for (const args of [[], ["--day", "2026-02-30"], ["--day", DAY, "--memory", "much"], ["--week", "1"]])
      expect(await run(args)).toMatchObject({ code: EXIT_CODES.configRefused, said: expect.stringContaining("--day") });
    expect(await run(["--day", DAY, "--data", join(data, "elsewhere")])).toMatchObject({
      code: EXIT_CODES.configRefused,
      said: expect.stringContaining("there are no slices here"),
    });
    const plans = join(data, "plans.yaml");
    writeFileSync(plans, "plans: []\n");
    expect(await run(["--day", DAY, "--data", data], { PLANS_FILE: plans })).toMatchObject({
      code: EXIT_CODES.configRefused,
      out: "",
    });
  });
});
