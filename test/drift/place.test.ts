// Who is not where their right says they should be: every kind of difference, and what is none.
import { describe, expect, it } from "vitest";
import { Drift } from "../../src/support/answers/drift.ts";
import { judgePlace, type PlaceFacts, strangerIn } from "../../src/support/drift/place.ts";

const NOW = 1_800_000_000_000;
const OLD = NOW - 3_600_000;
const ANNA = 7;
const CHAT = "-1001";
const SUBSCRIPTION = "subscription/7:club";

const right = (over: Partial<PlaceFacts["right"]> = {}): PlaceFacts["right"] => ({
  ...{ entitled: true, refunded: false, since: OLD, subscription: SUBSCRIPTION },
  ...over,
});
const invite = (state: string, over: object = {}): PlaceFacts["invite"] => ({
  ...{ state, seq: 4, since: OLD, isHeard: true, untouchable: false, removalReason: null },
  ...over,
});
const judge = (facts: Partial<PlaceFacts>) => {
  const found = judgePlace({
    userId: ANNA,
    chatId: CHAT,
    now: NOW,
    right: right(),
    invite: null,
    seen: null,
    ...facts,
  });
  // What is found can be kept.
  if (found !== null) Drift.parse({ ...found, state: "open", foundAt: NOW, healedAt: null });
  return found;
};
const closed = (over: Partial<PlaceFacts["right"]> = {}) => right({ entitled: false, ...over });
const ANNOUNCED = { machine: "subscription", id: "7:club", event: { type: "access.announced" }, by: "service" };
const seenAs = (membership: string) => ({
  ...{ machine: "invite", id: `${ANNA}:${CHAT}`, by: "service" },
  event: { type: "membership.seen", membership },
});

describe("somebody who has paid", () => {
  it.each([
    ["has no invite", null],
    ["has an invite that never heard of it", invite("none", { isHeard: false })],
  ])("and %s, has no way in: it is announced again", (_, known) => {
    expect(judge({ invite: known })).toMatchObject({
      ...{ kind: "paidNoAccess", id: "paidNoAccess:7:-1001", since: OLD, healing: ANNOUNCED },
      about: { chargeId: null, userId: ANNA, chatId: CHAT },
    });
    expect(judge({ invite: known, right: right({ since: NOW - 59_000 }) }), "it may be on its way").toBeNull();
  });

  it.each(["granting.waiting", "joinRequested.waiting", "unknown.waiting"])(
    "and whose way in does not come about (%s), is not let in: the invite tries again by itself",
    (state) => {
      expect(judge({ invite: invite(state) })).toMatchObject({
        kind: "paidNoAccess",
        healing: { machine: "invite", by: "machine" },
        evidence: { from: "actor", state, seq: 4 },
      });
      expect(judge({ invite: invite(state, { since: NOW - 1_000 }) })).toBeNull();
    },
  );

  it("and was put out by an administrator, waits for people", () => {
    const removed = invite("removed", { removalReason: "removedByOther" });
    expect(judge({ invite: removed })).toMatchObject({ kind: "paidNoAccess", healing: { by: "staff" } });
  });

  it("and is outside though on record as a member, is looked for", () => {
    expect(judge({ invite: invite("member"), seen: "left" })).toMatchObject({
      kind: "paidNoAccess",
      healing: seenAs("left"),
      evidence: { from: "membership", membership: "left" },
    });
  });

  it.each([
    ["is inside", { invite: invite("member") }],
    ["is seen inside, whatever the record says", { invite: null, seen: "member" as const }],
    ["holds a link", { invite: invite("linkIssued") }],
    ["has let the last link run out: asking for another always works", { invite: invite("none") }],
  ])("and %s, is where they should be", (_, facts) => expect(judge(facts)).toBeNull());
});

describe("somebody without a right", () => {
  it("seen inside, whom the record has outside, is put out", () => {
    expect(judge({ right: closed(), invite: invite("none"), seen: "member" })).toMatchObject({
      ...{ kind: "accessNoRight", since: OLD, healing: seenAs("member") },
    });
  });

  it("seen inside, whose invite still believes in a right, is told about first", () => {
    expect(judge({ right: closed(), invite: invite("member", { isHeard: false }), seen: "member" })).toMatchObject({
      ...{ kind: "accessNoRight", healing: ANNOUNCED },
    });
  });

  it("inside after a refund is a case of its own", () => {
    expect(judge({ right: closed({ refunded: true }), invite: invite("none"), seen: "member" })).toMatchObject({
      ...{ id: "refundedStillIn:7:-1001", kind: "refundedStillIn" },
    });
  });

  it("who never had one is an unknown member", () => {
    const never = closed({ subscription: null, since: null });
    expect(judge({ right: never, invite: invite("none"), seen: "member" })).toMatchObject({ kind: "unknownMember" });
    const intruder = invite("removing.waiting", { removalReason: "intruder" });
    expect(judge({ right: closed(), invite: intruder })).toMatchObject({
      ...{ kind: "unknownMember", healing: { by: "machine" } },
    });
  });

  it("whose removal takes longer than a minute is still in", () => {
    expect(judge({ right: closed(), invite: invite("removing.waiting") })).toMatchObject({ kind: "accessNoRight" });
    const begun = NOW - 1_000;
    expect(
      judge({ right: closed({ since: begun }), invite: invite("removing.attempting", { since: begun }) }),
    ).toBeNull();
  });

  it.each([
    ["outside", { invite: invite("removed"), seen: "left" as const }],
    ["outside by the record", { invite: invite("none") }],
    ["without any record", {}],
    ["an administrator", { invite: invite("member"), seen: "administrator" as const }],
    ["the owner", { invite: null, seen: "owner" as const }],
    ["known as staff of the chat", { invite: invite("member", { untouchable: true }) }],
  ])("and %s, is where they may be", (_, facts) => expect(judge({ right: closed(), ...facts })).toBeNull());
});

it("a stranger who came in is on record with the event that puts them out", () => {
  const found = strangerIn(ANNA, CHAT, 9, NOW);
  expect(found).toMatchObject({ id: "unknownMember:7:-1001", healing: { by: "machine" }, evidence: { seq: 9 } });
});
