// How old what reconciliation says is: it grows while a comparison stands still, whatever keeps it.
import { describe, expect, it } from "vitest";
import type { ActorAddress } from "../../machines/address.ts";
import type { SweepPosition } from "../../src/sweeps/membership.ts";
import type { PaymentsProgress } from "../../src/sweeps/payments.ts";
import { makeRoundAges } from "../../src/sweeps/round-ages.ts";
import { manualClock } from "../support/actors.ts";

const MINUTE_MS = 60_000;

function world() {
  const clock = manualClock();
  const state = {
    payments: null as Pick<PaymentsProgress, "comparedAt" | "roundStartedAt"> | null,
    books: null as number | null,
    healthy: [] as string[],
    chats: {} as Record<string, SweepPosition>,
  };
  const ages = makeRoundAges({
    actors: {
      pageInState: async () => ({ addresses: state.healthy.map((id): ActorAddress => `channel/${id}`), cursor: null }),
    },
    payments: { read: async () => state.payments as PaymentsProgress | null },
    books: { readComparedAt: async () => state.books },
    sweeps: { read: async (name) => state.chats[name] ?? null },
    clock,
  });
  return { clock, state, ages };
}

describe("the age of reconciliation", () => {
  it("grows from the start of the process while no round ever comes to its end", async () => {
    const { clock, state, ages } = world();
    state.healthy = ["-1"];
    clock.time += 10 * MINUTE_MS;
    expect(await ages()).toEqual({ payments: 600_000, books: 600_000, membership: 600_000 });
    // Begun, but it goes nowhere: Telegram refuses.
    state.payments = { comparedAt: null, roundStartedAt: clock.time };
    clock.time += 5 * MINUTE_MS;
    expect(await ages()).toMatchObject({ payments: 300_000 });
  });

  it("is that of the last round that came to its end, not of the one under way", async () => {
    const { clock, state, ages } = world();
    const then = clock.time;
    clock.time += 7 * MINUTE_MS;
    state.payments = { comparedAt: then, roundStartedAt: clock.time };
    state.books = then + MINUTE_MS;
    state.healthy = ["-1"];
    state.chats = { "member:-1": { cursor: "x", roundStartedAt: clock.time, counted: 5, endedAt: then } };
    expect(await ages()).toEqual({ payments: 420_000, books: 360_000, membership: 420_000 });
  });

  it("is that of the chat which was looked through longest ago; chats that cannot be managed are no part of it", async () => {
    const { clock, state, ages } = world();
    const then = clock.time;
    clock.time += 60 * MINUTE_MS;
    state.healthy = ["-1", "-2"];
    state.chats = {
      "member:-1": { cursor: null, roundStartedAt: clock.time, endedAt: clock.time },
      "member:-2": { cursor: null, roundStartedAt: then + 20 * MINUTE_MS },
      "member:-3": { cursor: null, roundStartedAt: then },
    };
    expect(await ages()).toMatchObject({ membership: 40 * MINUTE_MS });
    state.healthy = [];
    expect(await ages()).toMatchObject({ membership: 0 });
  });
});
