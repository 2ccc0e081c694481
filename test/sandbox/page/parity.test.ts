// A key of our own data goes wrong on the sandbox's page: the gate falls back to upstream, and comes back when it has been whole for long enough.
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { DatasetPage, ParityDays, WorstRows } from "../../../src/support/answers/datasets.ts";
import type { SandboxState } from "../../../src/support/answers/sandbox.ts";
import { openParityScene, type ParityScene } from "../../browser/support/parity-scene.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const gateOf = (state: SandboxState): string =>
  state.actors.find(({ machine }) => machine === "dataset")?.states.find((path) => path.startsWith("gate.")) ?? "none";

describe("the gate, on the sandbox's page", () => {
  let opened: ParityScene | null = null;
  const scene = (): ParityScene => {
    if (!opened) throw new Error("the sandbox did not open");
    return opened;
  };
  beforeAll(async () => {
    opened = await openParityScene();
  });
  afterAll(() => opened?.close());
  const get = async <T>(path: string): Promise<T> => (await scene().stage.api("GET", path)).body as T;
  const page = async (): Promise<DatasetPage> => {
    const [dataset, sheet] = (await scene().scope()).split(":");
    return get(`/api/v1/datasets/${sheet}/${dataset}`);
  };

  it("breaks nothing before there is a spreadsheet, and says so", async () => {
    const state = await scene().begins("new");
    expect(state.breakages.find(({ what }) => what === "dataDrifts")).toMatchObject({ isPossible: false, isOn: false });
    await expect(scene().does({ do: "break", what: "dataDrifts", on: true })).rejects.toThrow("notConnected");
  });

  it("serves our own data after as many mornings that passed as the gate asks for", async () => {
    const state = await scene().begins("autonomous");
    expect(gateOf(state)).toBe("gate.autonomous");
    expect(state.happened.filter(({ address }) => address.startsWith("dataset/")).length).toBeLessThan(6);
    const { side, days } = await page();
    expect(side).toBe("local");
    expect(days[0]).toMatchObject({ verdict: "pass", switched: true, reason: "entered", state: "local" });
    // Each on its own morning, at five past six.
    const mornings = days.map(({ judgedAt }) => (judgedAt + 3 * 3_600_000) % 86_400_000);
    expect(mornings).toEqual(days.map(() => (6 * 60 + 5) * 60_000));
  });

  it("falls back the morning after a key is broken, and shows which one and where", async () => {
    const broken = await scene().does({ do: "break", what: "dataDrifts", on: true, choice: "avg_price_with_spp" });
    expect(broken.breakages.find(({ what }) => what === "dataDrifts")).toMatchObject({
      isOn: true,
      choice: "avg_price_with_spp",
    });
    const state = await scene().days(1);
    expect(gateOf(state)).toBe("gate.proxyFirst");
    const { side, days, fallbacks, spreadsheetId, dataset } = await page();
    expect(side).toBe("upstream");
    expect(days[0]).toMatchObject({ verdict: "fail", switched: true, reason: "fail", state: "upstream" });
    expect(days[0]?.tiers).toMatchObject({ avg_price_with_spp: "red", adv_sum: "green" });
    expect(fallbacks).toEqual([days[0]?.date]);
    const fleet = await get<ParityDays>("/api/v1/datasets/days");
    expect(fleet.days.at(-1)?.date).toBe(days[0]?.date);
    expect(fleet.days.at(-1)?.keys.avg_price_with_spp?.exactRatio).toBeLessThan(0.5);
    const worst = await get<WorstRows>(
      `/api/v1/datasets/${spreadsheetId}/${dataset}/worst?day=${days[0]?.date}&key=avg_price_with_spp`,
    );
    expect(worst.rows).toHaveLength(20);
    expect(worst.rows[0]?.error).toBeGreaterThan(100);
  });

  it("moves to another key: the one before is whole again", async () => {
    const state = await scene().does({ do: "break", what: "dataDrifts", on: true, choice: "stocks_total" });
    expect(state.breakages.find(({ what }) => what === "dataDrifts")?.choice).toBe("stocks_total");
    const day = await scene().days(1);
    expect(gateOf(day)).toBe("gate.proxyFirst");
    const { days } = await page();
    expect(days[0]?.tiers.stocks_total).toBe("red");
  });

  it("comes back when it is mended and has passed often enough", async () => {
    const mended = await scene().does({ do: "break", what: "dataDrifts", on: false });
    expect(mended.breakages.find(({ what }) => what === "dataDrifts")?.isOn).toBe(false);
    expect(gateOf(await scene().days(1))).toBe("gate.probation");
    expect(gateOf(await scene().days(1))).toBe("gate.autonomous");
    const { side, days } = await page();
    expect(side).toBe("local");
    expect(days[0]).toMatchObject({ switched: true, reason: "entered", neededStreak: 2 });
  });

  it("collects nothing for a visitor who came for something else: the story stays as quick as it is", async () => {
    const connected = await scene().begins("active");
    expect(gateOf(connected)).toBe("none");
    expect(gateOf(await scene().days(20))).toBe("none");
    expect(connected.breakages.find(({ what }) => what === "dataDrifts")?.isPossible).toBe(false);
  });
});
