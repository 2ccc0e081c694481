// Where a customer's figures come from is a remark on a screen: the screen never depends on it.
import { describe, expect, it } from "vitest";
import type { ActorAddress } from "../../machines/address.ts";
import type { GateState } from "../../machines/dataset/gate.ts";
import { firstContext as firstDataset } from "../../machines/dataset/policy.ts";
import { homeScreen } from "../../src/bot/screens/status.ts";
import { type Reading, readSubscriberView } from "../../src/bot/view.ts";
import { AppError } from "../../src/errors.ts";
import type { ActorView } from "../../src/runtime/ports.ts";
import { someTerms } from "../machines/support/terms.ts";
import { aConnection, anOnboarding, aReader, aSubscription, NOW, SHEET } from "./support/views.ts";

const ANN = 7_012_345_678;
const TERMS = someTerms({ product: "club", recurring: false, connect: { readyMs: null, refreshMs: null, sheets: 1 } });

const view = (address: string, states: readonly string[], context: object): ActorView => ({
  ...{ address: address as ActorAddress, states, context: context as Readonly<Record<string, unknown>> },
  machine: address.slice(0, address.indexOf("/")) as ActorView["machine"],
  ...{ id: address.slice(address.indexOf("/") + 1), rev: 1, status: "active", timers: {}, invocations: {} },
});

/** A subscriber with one connected spreadsheet. */
const reading = (gate: () => Promise<ActorView | null>): Reading => ({
  find: async () => [],
  read: async (address) => {
    if (address.startsWith("subscription/"))
      return view(address, ["billing.active.term.quiet", "intent.prepaid"], aSubscription({ terms: TERMS }));
    if (address.startsWith("onboarding/")) {
      const { context } = anOnboarding("ready", { connections: [aConnection()] });
      return view(address, ["step.ready", "promise.kept"], context);
    }
    return address === `dataset/checklist:${SHEET}` ? gate() : null;
  },
});

const offers = {
  isOpenTo: () => true,
  products: [{ code: "club", title: { ru: "Клуб", en: "Club" }, channels: [], robotEmail: null, plans: [] }],
};

async function status(gate: () => Promise<ActorView | null>): Promise<string> {
  const read = await readSubscriberView(reading(gate), offers, ANN, NOW);
  return homeScreen(read, aReader({ language: "en" })).text;
}

const gateAt = (state: Partial<GateState>) => async () => {
  const context = firstDataset({ id: `checklist:${SHEET}` });
  return view(`dataset/checklist:${SHEET}`, ["gate.proxyFirst"], { ...context, gate: { ...context.gate, ...state } });
};

describe("/status", () => {
  it("says that figures come from the reserve source after the gate has gone back to it", async () => {
    expect(await status(gateAt({ side: "upstream", lastSwitch: "2026-11-22" }))).toContain("reserve source");
  });

  it("says nothing of a side that is served as usual", async () => {
    for (const state of [
      { side: "upstream", lastSwitch: null },
      { side: "local", lastSwitch: "2026-11-22" },
    ] as const)
      expect(await status(gateAt(state))).not.toContain("reserve");
  });

  it("is as ever when nobody has judged the spreadsheet, or its gate cannot be read", async () => {
    const unjudged = await status(async () => null);
    expect(unjudged).toContain("Club");
    const broken = async () => {
      throw new AppError("actor.quarantined");
    };
    expect(await status(broken)).toBe(unjudged);
  });
});
