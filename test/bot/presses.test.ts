import { describe, expect, it } from "vitest";
import { DOUBLE_TAP_MS, judgePress } from "../../src/bot/features/presses.ts";
import type { StoredScreen } from "../../src/bot/ports.ts";

const AT = 1_800_000_000_000;
const pressed = { data: "v1:plans:", messageId: 7, updateId: 100, at: AT };
const current = (overrides: Partial<StoredScreen> = {}): StoredScreen => ({
  messageId: 7,
  kind: "hello",
  presses: ["v1:plans:", "v1:terms:"],
  effectId: null,
  lastPress: null,
  ...overrides,
});

describe("a press", () => {
  it.each([
    ["on the current screen", pressed, current(), "fresh"],
    ["when the store was lost", pressed, null, "fresh"],
    ["on an older message", { ...pressed, messageId: 6 }, current(), "stale"],
    ["of a button the screen does not have", { ...pressed, data: "v1:help:" }, current(), "stale"],
    ["of forged data", { ...pressed, data: "v1:grant:me" }, current(), "forged"],
    ["of forged data when the store was lost", { ...pressed, data: "drop table" }, null, "forged"],
    [
      "that is repeated by a nervous finger",
      { ...pressed, updateId: 101 },
      current({ lastPress: { ...pressed, at: AT - 300 }, presses: [] }),
      "double",
    ],
    [
      "that is repeated after a while",
      { ...pressed, updateId: 101 },
      current({ lastPress: { ...pressed, at: AT - DOUBLE_TAP_MS } }),
      "fresh",
    ],
    ["whose update comes again after a fault", pressed, current({ lastPress: pressed, presses: [] }), "fresh"],
  ] as const)("%s", (_what, press, screen, verdict) => {
    expect(judgePress(press, screen)).toBe(verdict);
  });
});
