import { describe, expect, it } from "vitest";
import { readConfig } from "../src/config.ts";
import { makeSamePerson } from "../src/staff-aliases.ts";
import { doubtfulNames } from "../src/startup/doubtful-names.ts";

const SHA = "ab".repeat(32);
const read = (more: object) =>
  readConfig({
    ADMIN_TOKENS: `anna.k:owner:${SHA},Bob:finance:${"cd".repeat(32)},eye:viewer:${"ef".repeat(32)}`,
    STAFF_MEMBERS: "7:anna:owner,8:bob:finance,9:vera:viewer",
    STAFF_CHAT_ID: "-1002",
    ...more,
  });
const accepted = (more: object) => {
  const result = read(more);
  if (!result.ok) throw new Error(result.problems.join());
  return result.config;
};

describe("STAFF_ALIASES", () => {
  it("says which names are one person; the same name is one anyway, in capitals or not", () => {
    const { staffAliases } = accepted({ STAFF_ALIASES: "anna=Anna.K" });
    expect(staffAliases).toEqual([["anna", "Anna.K"]]);
    const isSamePerson = makeSamePerson(staffAliases);
    expect(isSamePerson("ANNA", "anna.k")).toBe(true);
    expect(isSamePerson("bob", "Bob")).toBe(true);
    expect(isSamePerson("anna", "bob")).toBe(false);
  });
  it.each([
    ["anna", "the names of one person"],
    ["anna=anna.k,bob=ANNA", "a name stands in it twice"],
    ["anna=ana.k", "must be one of ADMIN_TOKENS or STAFF_MEMBERS"],
  ])("is refused as %s", (STAFF_ALIASES, problem) => {
    const result = read({ STAFF_ALIASES });
    expect(result.ok ? [] : result.problems).toEqual([expect.stringContaining(problem)]);
  });
});

describe("a doubt whether two names are one person", () => {
  it("names those who may approve and are known in one place only", () => {
    expect(doubtfulNames(accepted({}))).toEqual({ members: ["anna"], tokens: ["anna.k"] });
  });
  it("is none where the names are said to be one, or where everybody of one side is known on the other", () => {
    expect(doubtfulNames(accepted({ STAFF_ALIASES: "anna=anna.k" }))).toBeNull();
    expect(doubtfulNames(accepted({ STAFF_MEMBERS: "8:bob:finance" }))).toBeNull();
  });
});
