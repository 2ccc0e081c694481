import { describe, expect, it } from "vitest";
import { type AuditBody, chainHash, readEntry, verifyChain, writeEntry } from "../../src/runtime/audit.ts";

const AT = 1_795_000_000_000;
const BODY: AuditBody = {
  address: "ticket/p",
  rev: 1,
  at: AT,
  event: { type: "probe.armed", inMs: 5 },
  cause: { kind: "system", id: "s" },
  outcome: "applied",
  timersSet: {},
  timersCancelled: [],
};
const stored = (body: string) => ({ entryId: "1-1", body, hash: chainHash("", body), previous: "" });
const timersOf = (body: AuditBody) => readEntry(stored(writeEntry(body))).timers;

describe("the timers of an audit entry", () => {
  it("are read with the time at which they are due, whatever their number", () => {
    expect(timersOf(BODY)).toBeUndefined();
    expect(timersOf({ ...BODY, timersSet: { "term.active": { dueAt: AT + 5 } } })).toEqual([`+term.active@${AT + 5}`]);
    expect(timersOf({ ...BODY, timersCancelled: ["term.active"] })).toEqual(["-term.active"]);
    expect(
      timersOf({ ...BODY, timersSet: { "a+b": { dueAt: AT }, c: { dueAt: AT + 7 } }, timersCancelled: ["d+1"] }),
    ).toEqual([`+a+b@${AT}`, `+c@${AT + 7}`, "-d+1"]);
  });
  it("are read as they were written when the id begins with a sign, or the due time lies before the event", () => {
    expect(timersOf({ ...BODY, timersSet: { "-5.x": { dueAt: AT + 1 }, "+y": { dueAt: AT + 2 } } })).toEqual([
      `+-5.x@${AT + 1}`,
      `++y@${AT + 2}`,
    ]);
    expect(timersOf({ ...BODY, timersSet: { late: { dueAt: AT - 3 } } })).toEqual([`+late@${AT - 3}`]);
  });
  it("stay readable and verifiable in entries of the older form", () => {
    const older = stored(
      `{"a":"ticket/p","n":1,"at":${AT},"e":{"type":"probe.armed"},"c":["system","s"],"m":["+term.active@${AT + 9}","-x"]}`,
    );
    expect(readEntry(older).timers).toEqual([`+term.active@${AT + 9}`, "-x"]);
    expect(verifyChain([older], older.hash, 1)).toMatchObject({ ok: true, entries: 1 });
  });
});

describe("I9 the entries of an actor", () => {
  const bodies = [1, 2, 3].map((n) => JSON.stringify({ a: "ticket/p", n }));
  const chained = (texts: readonly string[]) => {
    let previous = "";
    return texts.map((body, index) => {
      const entry = { entryId: `${index + 1}-0`, body, hash: chainHash(previous, body), previous: `${index}-0` };
      previous = entry.hash;
      return entry;
    });
  };
  const [first, second, third] = chained(bodies);
  if (!first || !second || !third) throw new Error("three entries were made");

  it("are whole as they were written", () => {
    expect(verifyChain([third, second, first], third.hash, 3)).toMatchObject({ ok: true });
  });
  it("show an entry that was changed together with its own hash", () => {
    const body = JSON.stringify({ a: "ticket/p", n: 2, by: "somebody else" });
    const forged = { ...second, body, hash: chainHash(first.hash, body) };
    expect(verifyChain([third, forged, first], third.hash, 3)).toMatchObject({ ok: false });
  });
});
