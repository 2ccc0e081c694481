import { describe, expect, it } from "vitest";
import type { ActorAddress } from "../../machines/address.ts";
import { firstContext } from "../../machines/dataset/policy.ts";
import type { Corrections, DatasetContext } from "../../machines/dataset/types.ts";
import { AppError } from "../../src/errors.ts";
import { resolveParity } from "../../src/quality/settings.ts";
import type { ActorView } from "../../src/runtime/ports.ts";
import { correctedRows } from "../../src/startup/corrected-rows.ts";

const SCOPE = { dataset: "checklist", spreadsheetId: "1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789abcdefg" };
const WINDOW = { from: "2026-11-22", to: "2026-11-22" };
const RAW = { date: "2026-11-22", nm_id: 1, stocks_total: 90, adv_sum: 10 };
const SET = "2026-11-20-0a1b2c3d";
const IN_USE: Corrections = { set: SET, asOf: "2026-11-20", keys: ["stocks_total", "adv_sum"], withdrawn: {} };

function read(corrections: Corrections | null | Error, { isKept = true } = {}) {
  const context: DatasetContext = firstContext({ id: `${SCOPE.dataset}:${SCOPE.spreadsheetId}` });
  const local = correctedRows(
    { read: async () => ({ rows: [RAW], capturedAt: 5 }) },
    {
      actors: {
        read: async (address: ActorAddress) => {
          if (corrections instanceof Error) throw corrections;
          const known = { ...context, corrections } as unknown as ActorView["context"];
          return { address, context: known } as ActorView;
        },
      },
      calibration: {
        coefficients: async (_, id) =>
          isKept && id === SET ? { stocks_total: { "1": 1.1 }, adv_sum: { "1": 1.5 } } : null,
      },
      settings: () => resolveParity({}),
    },
  );
  return local.read(SCOPE, WINDOW);
}

describe("rows of our own", () => {
  it("come with the corrections in use, which they name", async () => {
    expect(await read(IN_USE)).toEqual({
      rows: [{ ...RAW, stocks_total: 99, adv_sum: 15, stocks_total_raw: 90, adv_sum_raw: 10, calibration_set: SET }],
      capturedAt: 5,
    });
  });

  it("come without those that were withdrawn", async () => {
    const answer = await read({ ...IN_USE, withdrawn: { adv_sum: "2026-11-21" } });
    expect(answer?.rows).toEqual([{ ...RAW, stocks_total: 99, stocks_total_raw: 90, calibration_set: SET }]);
  });

  it("come as they are where none are in use, none are kept, or the gate cannot be read", async () => {
    const raw = { rows: [RAW], capturedAt: 5 };
    expect(await read(null)).toEqual(raw);
    expect(await read(IN_USE, { isKept: false })).toEqual(raw);
    expect(await read(new AppError("actor.quarantined"))).toEqual(raw);
    await expect(read(new AppError("redis.unreachable"))).rejects.toMatchObject({ code: "redis.unreachable" });
  });
});
