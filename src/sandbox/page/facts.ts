// What is known about a visitor's actors, read once per look: their views, and their histories while these do not change.
import { z } from "zod";
import { type ActorAddress, addressOf, type MachineName } from "../../../machines/address.ts";
import type { Actors, ActorView, AuditEntry } from "../../runtime/ports.ts";
import type { HappenedLine } from "../../support/answers/sandbox.ts";

const DATASET = "checklist";
/** Of one actor: a visitor's life is shorter. */
const ENTRIES = 200;

export interface KnownActor {
  readonly view: ActorView;
  /** Newest first. */
  readonly entries: readonly HappenedLine[];
}

const ORDER: readonly MachineName[] = [
  "subscription",
  "invite",
  "onboarding",
  "customer",
  "payment",
  "order",
  "ticket",
  "channel",
  "dataset",
];

export class Facts {
  readonly #actors: Actors;
  readonly #histories = new Map<ActorAddress, { readonly rev: number; readonly entries: readonly HappenedLine[] }>();

  constructor(actors: Actors) {
    this.#actors = actors;
  }

  /** All actors of a person, the most telling first. */
  async of(userId: number): Promise<readonly KnownActor[]> {
    const addresses = await this.#actors.find(`telegramId=${userId}`);
    const own = (await Promise.all(addresses.map((address) => this.#read(address)))).filter((actor) => actor !== null);
    // Nobody's by name: whoever connected the spreadsheet is who its gate is about.
    const gates = await Promise.all(sheetsOf(own).map((sheet) => this.#read(addressOf.dataset(DATASET, sheet))));
    return [...own, ...gates.filter((actor) => actor !== null)].sort(
      (a, b) => rankOf(a) - rankOf(b) || firstAt(b) - firstAt(a) || compareIds(firstId(b), firstId(a)),
    );
  }

  async #read(address: ActorAddress): Promise<KnownActor | null> {
    const view = await this.#actors.read(address);
    if (!view) return null;
    const known = this.#histories.get(address);
    if (known?.rev === view.rev) return { view, entries: known.entries };
    const entries = (await this.#actors.history(address, { limit: ENTRIES })).map((entry) => lineOf(address, entry));
    this.#histories.set(address, { rev: view.rev, entries });
    return { view, entries };
  }
}

const Connections = z.object({ connections: z.array(z.object({ spreadsheetId: z.string() })) });

const sheetsOf = (known: readonly KnownActor[]): string[] =>
  known.flatMap(({ view }) =>
    view.machine === "onboarding"
      ? (Connections.safeParse(view.context).data?.connections ?? []).map(({ spreadsheetId }) => spreadsheetId)
      : [],
  );

/** Something that nobody bought yet comes after what was bought. */
const rankOf = ({ view }: KnownActor): number =>
  ORDER.indexOf(view.machine) + (view.states.includes("billing.lead") ? 0.5 : 0);
/** The clock stands: what came first at the same moment, the log says. */
const firstId = ({ entries }: KnownActor): string => entries.at(-1)?.entryId ?? "";
const firstAt = ({ entries }: KnownActor): number => entries.at(-1)?.at ?? 0;

/** Ids are `<ms>-<n>`: by number, not by letter. */
export const compareIds = (a: string, b: string): number => {
  const [aMs = 0, aN = 0] = a.split("-").map(Number);
  const [bMs = 0, bN = 0] = b.split("-").map(Number);
  return aMs - bMs || aN - bN;
};

const WHO = {
  update: "customer",
  customer: "customer",
  timer: "clock",
  staff: "staff",
  effect: "system",
  system: "system",
} as const;

const lineOf = (address: ActorAddress, entry: AuditEntry): HappenedLine => ({
  entryId: entry.entryId,
  address,
  seq: entry.rev,
  at: entry.at,
  who: WHO[entry.cause.kind],
  event: entry.event.type,
  outcome: entry.outcome,
  from: [...(entry.from ?? [])],
  to: [...(entry.to ?? [])],
  effects: [...(entry.effects ?? [])],
});

/** Leaf state of a region, such as `active.term.quiet` of `billing`; "" when the actor is not there. */
export function stateOf(known: readonly KnownActor[], machine: MachineName, region?: string): string {
  const states = known.find(({ view }) => view.machine === machine)?.view.states ?? [];
  if (region === undefined) return states[0] ?? "";
  return states.find((state) => state.startsWith(`${region}.`))?.slice(region.length + 1) ?? "";
}

export interface DueTimer {
  readonly address: ActorAddress;
  readonly machine: MachineName;
  readonly id: string;
  /** As the machine calls the delay. */
  readonly name: string;
  /** Epoch ms. */
  readonly dueAt: number;
}

/** Soonest first. */
export const timersOf = (known: readonly KnownActor[]): readonly DueTimer[] =>
  known
    .flatMap(({ view }) =>
      Object.entries(view.timers).map(([id, { dueAt }]) => ({
        address: view.address,
        machine: view.machine,
        id,
        name: id.slice(0, id.includes(".") ? id.indexOf(".") : undefined),
        dueAt,
      })),
    )
    .sort((a, b) => a.dueAt - b.dueAt);

/** The one that is wanted, else the soonest of all. */
export function nextTimer(
  known: readonly KnownActor[],
  wanted: { readonly machine?: MachineName | undefined; readonly timer?: string | undefined } = {},
): DueTimer | null {
  const timers = timersOf(known);
  if (wanted.machine !== undefined) {
    const { machine, timer } = wanted;
    return timers.find((one) => one.machine === machine && (timer === undefined || one.name === timer)) ?? null;
  }
  return timers[0] ?? null;
}
