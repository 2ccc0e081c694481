import { describe, expect, it } from "vitest";
import { readConfig } from "../src/config.ts";

const read = (STAFF_MEMBERS: string, more: object = { STAFF_CHAT_ID: "-1002" }) =>
  readConfig({ STAFF_MEMBERS, ...more });

describe("STAFF_MEMBERS", () => {
  it("names who works in the staff chat, by Telegram id, and with which role", () => {
    const result = read("7012345678:alice:finance, 42:bob.b:support");
    expect(result.ok && result.config.staffMembers).toEqual([
      { userId: 7_012_345_678, name: "alice", role: "finance" },
      { userId: 42, name: "bob.b", role: "support" },
    ]);
  });
  it("is nobody when it is not set", () => {
    const result = readConfig({});
    expect(result.ok && result.config.staffMembers).toEqual([]);
  });
  it.each([
    ["alice:finance", "telegramId:name:role"],
    ["7:alice:boss", "viewer, support, finance, owner"],
    ["7:alice:owner,7:bob:owner", "the same Telegram id"],
    ["7:alice:owner,8:alice:owner", "the same name"],
  ])("is refused as %s", (text, problem) => {
    const result = read(text);
    expect(result.ok ? [] : result.problems).toEqual([expect.stringContaining(problem)]);
  });
  it("needs the chat", () => {
    const result = read("7:alice:owner", {});
    expect(result.ok ? [] : result.problems).toEqual(["STAFF_CHAT_ID: required with STAFF_MEMBERS"]);
  });
});
