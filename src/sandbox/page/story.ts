// The story that Play tells, and how far somebody has come in it. Each step follows from what is there, so it goes on from wherever the
// visitor left it.

import type { Catalog } from "../../plans.ts";
import type { Deed, SandboxState, Seed } from "../../support/answers/sandbox.ts";
import type { Person } from "../telegram/people/person.ts";
import type { Question } from "./answers.ts";
import { type KnownActor, nextTimer, stateOf } from "./facts.ts";
import { newestButton, newestInvitation, newestInvoice } from "./on-screen.ts";

type StepKey = SandboxState["steps"][number]["key"];

const chargesOf = (known: readonly KnownActor[]): number =>
  Number(known.find(({ view }) => view.machine === "subscription")?.view.context.charges ?? 0);

/** Whether the actor was ever in such a state. */
const wasIn = (known: readonly KnownActor[], machine: string, pattern: RegExp): boolean =>
  known.some(
    ({ view, entries }) =>
      view.machine === machine &&
      [view.states, ...entries.map(({ to }) => to)].some((states) => states.some((state) => pattern.test(state))),
  );

export function stepsOf(known: readonly KnownActor[]): SandboxState["steps"] {
  const subscription = known.find(({ view }) => view.machine === "subscription");
  const done: Record<StepKey, boolean> = {
    start: known.length > 0,
    plan: known.some(({ view }) => view.machine === "order"),
    payment: chargesOf(known) > 0,
    join: wasIn(known, "invite", /^member/),
    connect: wasIn(known, "onboarding", /^step\.ready/),
    reminder:
      subscription?.entries.some(({ event, effects }) => /nextReminder/.test(event) && effects.length > 0) ?? false,
    renewal: chargesOf(known) > 1 || wasIn(known, "subscription", /^billing\.(?:expired|revoked|refunded)/),
  };
  return (Object.keys(done) as StepKey[]).map((key) => ({ key, isDone: done[key] }));
}

/** The question that the set-up asks now. */
export function questionOf(known: readonly KnownActor[]): Question | null {
  const step = stateOf(known, "onboarding", "step");
  if (/^asking\.awaitingEmail/.test(step)) return "email";
  if (/^asking\.awaitingSpreadsheet/.test(step)) return "sheet";
  return /^asking\.awaitingToken/.test(step) ? "token" : null;
}

/** A plan that shows most: it renews, and there is something to connect. */
function favouriteOf(catalog: Catalog): string {
  const plans = [...catalog.plans.values()].filter(({ price }) => price.currency === "XTR");
  const renewing = plans.filter(({ recurring }) => recurring);
  const best = renewing.find(({ product }) => product.onboarding === "product") ?? renewing[0] ?? plans[0];
  return best?.code ?? "";
}

/** @returns null: the story is over, or something has to happen by itself first */
export function nextDeed(known: readonly KnownActor[], person: Person, catalog: Catalog): Deed | null {
  if (known.length === 0) return { do: "start" };
  const billing = stateOf(known, "subscription", "billing");
  const invite = stateOf(known, "invite");
  const step = stateOf(known, "onboarding", "step");
  const charges = chargesOf(known);

  if (billing === "" || /^(?:lead|expired|refunded)/.test(billing)) {
    if (/^(?:expired|refunded)/.test(billing)) return null;
    const plan = `v1:plan:${favouriteOf(catalog)}`;
    if (newestButton(person, plan) === plan) return { do: "press", data: plan };
    return newestButton(person, "v1:plans:") === null ? { do: "start" } : { do: "press", data: "v1:plans:" };
  }
  if (billing === "revoked") return null;
  if (billing === "checkout") return newestInvoice(person) === null ? null : { do: "pay" };
  if (/^(?:linkIssued|joinRequested)/.test(invite))
    return newestInvitation(person) === null || /^joinRequested/.test(invite) ? null : { do: "join" };
  if (charges > 1) return null;
  if (/^asking/.test(step)) {
    const connect = newestButton(person, "v1:connect:");
    // Before the question is on screen there is its button.
    return !hasAsked(known) && connect !== null ? { do: "press", data: connect } : { do: "fillIn" };
  }
  if (/^resting/.test(step)) return pressOf(person, "v1:connect:");
  if (/^connecting/.test(step)) return null;
  if (/^pastDue\.hold/.test(billing)) {
    if (newestInvoice(person) !== null && orderIsOpen(known)) return { do: "pay" };
    return pressOf(person, "v1:plan:");
  }
  return nextTimer(known, { machine: "subscription" }) === null ? null : { do: "nextTimer", machine: "subscription" };
}

const pressOf = (person: Person, beginning: string): Deed | null => {
  const data = newestButton(person, beginning);
  return data === null ? null : { do: "press", data };
};

const hasAsked = (known: readonly KnownActor[]): boolean =>
  known.some(
    ({ view, entries }) =>
      view.machine === "onboarding" &&
      entries.some(({ event }) => event === "connect.opened" || /\.(?:given|sent|received)$/.test(event)),
  );

const orderIsOpen = (known: readonly KnownActor[]): boolean =>
  known.some(({ view }) => view.machine === "order" && view.states.some((state) => /^(?:open|approved)/.test(state)));

/** Whether a seed is reached; then the story stops there. */
export function isAt(seed: Seed, known: readonly KnownActor[]): boolean {
  const billing = stateOf(known, "subscription", "billing");
  switch (seed) {
    case "new":
      return true;
    case "onboarding":
      return questionOf(known) !== null && hasAsked(known);
    case "active":
    case "revoked":
      return (
        /^ready/.test(stateOf(known, "onboarding", "step")) || (billing.startsWith("active") && !hasOnboarding(known))
      );
    case "autonomous":
      return /^autonomous/.test(stateOf(known, "dataset", "gate"));
    case "grace":
      return /^pastDue\.grace/.test(billing);
    case "hold":
      return /^pastDue\.hold/.test(billing);
    case "expired":
      return /^expired/.test(billing);
  }
}

const hasOnboarding = (known: readonly KnownActor[]): boolean =>
  known.some(({ view }) => view.machine === "onboarding");
