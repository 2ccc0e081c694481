import { describe, expect, it } from "vitest";
import { CALLBACK_DATA_MAX, parsePress } from "../../../src/bot/callback-data.ts";
import { parseStaffPress, staffPress } from "../../../src/bot/staff/presses.ts";

describe("a button of the staff chat", () => {
  it("fits Telegram's limit, and says what it was made to say", () => {
    for (const [event, arg] of [
      ["deskanswer", ""],
      ["deskopen", "7"],
      ["deskapprove", ""],
    ] as const) {
      const data = staffPress(event, arg);
      expect(Buffer.byteLength(data)).toBeLessThanOrEqual(CALLBACK_DATA_MAX);
      expect(parseStaffPress(data)).toEqual({ event, arg });
    }
  });
  it("means nothing in a customer's chat, nor a customer's button here", () => {
    expect(parsePress(staffPress("deskapprove"))).toBeNull();
    expect(parseStaffPress("v1:home:")).toBeNull();
  });
  it.each(["", "v1:deskapprove", "v2:deskapprove:", "v1:deskopen:x", "v1:deskopen:1234", "v1:constructor:"])(
    "is never %j",
    (data) => {
      expect(parseStaffPress(data)).toBeNull();
    },
  );
});
