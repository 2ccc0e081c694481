// What the sandbox's chart tells after a deed, and in which order.
import { describe, expect, it } from "vitest";
import { asItIs, newMoments, queued } from "../../../src/console/sandbox/moments.ts";
import type { SandboxState } from "../../../src/support/answers/sandbox.ts";

type Actor = SandboxState["actors"][number];
type Change = readonly [from: readonly string[], to: readonly string[], event?: string];

/** @param changes oldest first */
function actor(machine: Actor["machine"], states: readonly string[], changes: readonly Change[]): Actor {
  const address = `${machine}/7` as Actor["address"];
  const entries = changes.map(([from, to, event = "some.event"], index) => ({
    entryId: `1-${index}`,
    address,
    seq: index + 1,
    at: 1,
    who: "customer" as const,
    event,
    outcome: "applied" as const,
    from: [...from],
    to: [...to],
    effects: [],
  }));
  const seq = entries.length;
  return { address, machine, id: "7", seq, status: "active", states: [...states], entries: entries.reverse() };
}

const world = (actors: readonly Actor[], more: { visit?: number; deeds?: number; doing?: string } = {}): SandboxState =>
  ({
    visit: more.visit ?? 1,
    deeds: more.deeds ?? 1,
    clock: { now: 1, status: "settled", doing: more.doing ?? null, next: null },
    actors,
  }) as unknown as SandboxState;

const PAID = actor(
  "subscription",
  ["billing.active", "intent.autoRenew"],
  [
    [[], ["billing.checkout", "intent.prepaid"]],
    [
      ["billing.checkout", "intent.prepaid"],
      ["billing.active", "intent.autoRenew"],
    ],
  ],
);

describe("the moments of a deed", () => {
  it("show each state that was passed, as it was then", () => {
    const moments = newMoments(world([]), world([PAID]));
    expect(moments.map(({ states }) => states)).toEqual([
      ["billing.checkout", "intent.prepaid"],
      ["billing.active", "intent.autoRenew"],
    ]);
    expect(moments[1]?.last.from).toEqual(["billing.checkout", "intent.prepaid"]);
  });

  it("are only what is new, of the same visitor, and not what a seed goes through", () => {
    expect(newMoments(world([PAID]), world([PAID]))).toEqual([]);
    expect(newMoments(null, world([PAID]))).toEqual([]);
    expect(newMoments(world([]), world([PAID], { visit: 2 }))).toEqual([]);
    expect(newMoments(world([], { doing: "reset" }), world([PAID]))).toEqual([]);
  });

  it("leave out what only follows from another actor's, and what the story is not about", () => {
    const customer = actor(
      "customer",
      ["contact.reachable", "standing.customer"],
      [
        [[], ["contact.reachable", "standing.guest"]],
        [["standing.guest"], ["standing.customer"]],
      ],
    );
    const order = actor("order", ["paid"], [[[], ["paid"]]]);
    expect(newMoments(world([]), world([customer, order])).map(({ machine, seq }) => [machine, seq])).toEqual([
      ["customer", 1],
    ]);
  });

  it("are told the cause first, deed by deed, and the one on show is not taken away", () => {
    const invite = actor("invite", ["linkIssued"], [[[], ["linkIssued"]]]);
    const [shown, ...rest] = newMoments(world([]), world([invite, PAID]));
    const waiting = queued(shown ? [shown] : [], rest);
    const later = newMoments(
      world([PAID, invite]),
      world(
        [
          actor(
            "invite",
            ["member"],
            [
              [[], ["linkIssued"]],
              [["linkIssued"], ["member"]],
            ],
          ),
        ],
        { deeds: 2 },
      ),
    );
    expect(queued(waiting, later).map(({ machine, states }) => `${machine} ${states[0]}`)).toEqual([
      "invite linkIssued",
      "subscription billing.checkout",
      "subscription billing.active",
      "invite member",
    ]);
  });
});

it("an actor as it is begins with the states that it entered last", () => {
  const kept = actor("subscription", ["intent.autoRenew", "billing.hold"], [[["billing.active"], ["billing.hold"]]]);
  expect(asItIs(kept).states).toEqual(["billing.hold", "intent.autoRenew"]);
});
