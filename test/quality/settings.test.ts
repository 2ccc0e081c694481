import { describe, expect, it } from "vitest";
import { GATE_DEFAULTS } from "../../machines/dataset/gate.ts";
import { PARITY_KEYS } from "../../src/backend/contract/spreadsheet.ts";
import { PARITY_KEY_DEFAULTS, ParityPolicies, resolveParity, settingsOf } from "../../src/quality/settings.ts";

const SHEET = "1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789abcdefg";
const refusals = (given: unknown) =>
  ParityPolicies.safeParse(given).error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`) ?? [];

describe("6.3 the defaults", () => {
  it("are those of the contract", () => {
    expect(Object.keys(PARITY_KEY_DEFAULTS).sort()).toEqual([...PARITY_KEYS].sort());
    expect(PARITY_KEY_DEFAULTS.adv_sum).toEqual({
      ...{ absTol: 0.01, relTol: 0.01, decimals: 2, critical: true, missingAsZero: true },
      green: { exactMin: 0.9, wapeMax: 0.05, coverageMin: 0.98 },
      yellow: { exactMin: 0.85, wapeMax: 0.1, coverageMin: 0.95 },
    });
    const critical = PARITY_KEYS.filter((key) => PARITY_KEY_DEFAULTS[key].critical);
    expect(critical).toEqual(["adv_sum", "stocks_total", "avg_price_with_spp", "profit_with_adv"]);
    expect(PARITY_KEYS.filter((key) => PARITY_KEY_DEFAULTS[key].missingAsZero)).toEqual(["adv_sum"]);
    expect(resolveParity({})).toEqual({ keys: PARITY_KEY_DEFAULTS, gate: GATE_DEFAULTS, scopes: {} });
  });

  it("give way key by key and limit by limit, and once more for a single spreadsheet", () => {
    const parity = resolveParity({
      gate: { enterDays: 3 },
      keys: { adv_sum: { green: { wapeMax: 0.04 } } },
      scopes: [{ spreadsheetId: SHEET, gate: { minRows: 50 }, keys: { adv_sum: { critical: false } } }],
    });
    expect(parity.keys.adv_sum?.green).toEqual({ exactMin: 0.9, wapeMax: 0.04, coverageMin: 0.98 });
    expect(settingsOf(parity, SHEET)).toMatchObject({
      gate: { enterDays: 3, minRows: 50 },
      keys: { adv_sum: { critical: false, green: { wapeMax: 0.04 } } },
    });
    expect(settingsOf(parity, "another").gate).toEqual({ ...GATE_DEFAULTS, enterDays: 3 });
  });
});

describe("settings that contradict themselves", () => {
  it.each<[unknown, string]>([
    [
      { keys: { adv_sum: { green: { exactMin: 0.8 } } } },
      "keys.adv_sum.green.exactMin: green must not be looser than yellow",
    ],
    [
      { keys: { stocks_total: { yellow: { wapeMax: 0.01 } } } },
      "keys.stocks_total.green.wapeMax: green must not be looser than yellow",
    ],
    [
      { scopes: [{ spreadsheetId: SHEET, keys: { adv_sum: { yellow: { coverageMin: 0.99 } } } }] },
      "scopes.0.keys.adv_sum.green.coverageMin: green must not be looser than yellow",
    ],
    [{ gate: { enterRatio: 0.8 } }, "gate.enterRatio: must not be below exitRatio"],
    [{ scopes: [{ spreadsheetId: SHEET }, { spreadsheetId: SHEET }] }, "scopes.1.spreadsheetId: is listed twice"],
  ])("like %j are refused", (given, refusal) => {
    expect(refusals(given)).toEqual([refusal]);
  });

  it("like a key that does not exist are refused by name", () => {
    expect(refusals({ keys: { profit: {} } })).toHaveLength(1);
    expect(refusals({ gate: { enterdays: 3 } })).toHaveLength(1);
  });
});
