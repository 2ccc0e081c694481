// What needs a person first, the most urgent first; then how many actors are where. Indexes and counters only.
import type { ActorAddress, MachineName } from "../../machines/address.ts";
import type { ChannelContext } from "../../machines/channel/types.ts";
import type { MachineDefinition } from "../../machines/definition.ts";
import type { TicketContext } from "../../machines/ticket/types.ts";
import type { UpdateQuarantine } from "../bot/ports.ts";
import type { FailedEffectStore } from "../effects/ports.ts";
import type { Actors, Quarantine } from "../runtime/ports.ts";
import type { Need, Overview } from "./answers/operations.ts";
import type { ApprovalStore } from "./approval-port.ts";
import type { DriftBook } from "./drift/ports.ts";
import { lookAt, ownerOf } from "./look.ts";

export interface OverviewDeps {
  readonly actors: Pick<Actors, "read" | "pageInState" | "countByState">;
  readonly definitions: readonly MachineDefinition[];
  readonly failed: Pick<FailedEffectStore, "count">;
  readonly quarantine: Pick<Quarantine, "count">;
  readonly updatesSetAside: Pick<UpdateQuarantine, "list">;
  readonly approvals: Pick<ApprovalStore, "list">;
  /** Timers that were due before a moment, epoch ms. */
  readonly lateTimers: (before: number) => Promise<{ readonly count: number; readonly since: number | null }>;
  readonly drift: Pick<DriftBook, "counts">;
  readonly now: () => number;
}

/** A timer that is due waits for its partition's job; only later than this somebody has to look. Unit: milliseconds. */
const LATE_MS = 60_000;
/** More than an operator has. */
const MOST_CHANNELS = 50;

/** More are counted, but not read for the oldest one. */
const MOST_TICKETS = 50;
/** Entitled, and the link could not be made: it is tried again, and meanwhile they stand outside. */
const NO_WAY_IN = "granting.waiting";
const STUCK = "step.needsAttention";

const listOf = (machine: string, state: string): string => `/console/actors?machine=${machine}&state=${state}`;
const countIn = (states: Readonly<Record<string, number>>, prefix: string): number =>
  Object.entries(states)
    .filter(([state]) => state === prefix || state.startsWith(`${prefix}.`))
    .reduce((sum, [, count]) => sum + count, 0);

type Counted = Pick<Need, "kind" | "count" | "href"> & Partial<Need>;
const need = (counted: Counted): readonly Need[] =>
  counted.count === 0 ? [] : [{ text: "", address: null, customer: null, held: null, since: null, ...counted }];

/** @throws AppError redis.unreachable */
export const makeOverview = (deps: OverviewDeps) => async (): Promise<Overview> => {
  const { actors, definitions } = deps;
  const now = deps.now();
  const counts = await Promise.all(
    definitions.map(async (definition) => ({
      definition,
      states: { ...(await actors.countByState(definition.name)) },
    })),
  );
  const statesOf = (machine: string) => counts.find(({ definition }) => definition.name === machine)?.states ?? {};
  const [lost, degraded, tripped, failed, quarantined, setAside, late, approvals, drift] = await Promise.all([
    channels(deps, "channelLost", "health.lost"),
    channels(deps, "channelDegraded", "health.degraded"),
    channels(deps, "breakerTripped", "removals.held"),
    deps.failed.count(),
    deps.quarantine.count(),
    deps.updatesSetAside.list(),
    deps.lateTimers(now - LATE_MS),
    deps.approvals.list(),
    deps.drift.counts(),
  ]);
  const waiting = approvals.filter(({ state, endsAt }) => state === "waiting" && endsAt > now);
  const tickets = statesOf("ticket");
  const open = countIn(tickets, "open") + countIn(tickets, "reopened");
  const stuck = countIn(statesOf("onboarding"), STUCK);
  const outside = countIn(statesOf("invite"), NO_WAY_IN);
  const [ofOutside, ofStuck, ofTickets] = await Promise.all([
    oneOf(actors, "invite", NO_WAY_IN, outside),
    oneOf(actors, "onboarding", STUCK, stuck),
    openTickets(actors, open),
  ]);
  const oldest = (times: readonly number[]) => (times.length === 0 ? null : Math.min(...times));
  return {
    needs: [
      ...lost,
      ...degraded,
      ...tripped,
      ...need({ kind: "paidOutside", count: outside, href: listOf("invite", NO_WAY_IN), ...ofOutside }),
      ...need({ kind: "failedEffect", count: failed, href: "/console/queues" }),
      ...need({ kind: "quarantine", count: quarantined, href: "/console/queues" }),
      ...need({
        ...{ kind: "updateSetAside", count: setAside.length, href: "/console/queues" },
        since: oldest(setAside.map(({ at }) => at)),
      }),
      ...need({ kind: "lateTimers", count: late.count, href: "/console/timers", since: late.since }),
      ...need({ kind: "onboarding", count: stuck, href: listOf("onboarding", STUCK), ...ofStuck }),
      ...need({ kind: "ticket", count: open, href: "/console/tickets?state=open", ...ofTickets }),
      ...need({
        ...{ kind: "approval", count: waiting.length, href: "/console/approvals" },
        since: oldest(waiting.map(({ askedAt }) => askedAt)),
      }),
    ],
    machines: counts.map(({ definition, states }) => ({
      machine: definition.name,
      total: totalOf(definition, states),
      states,
    })),
    drift,
    now,
  };
};

/** Each channel is a need of its own: one of them is settled without the others. */
async function channels(
  { actors }: OverviewDeps,
  kind: "channelLost" | "channelDegraded" | "breakerTripped",
  state: string,
): Promise<readonly Need[]> {
  const { addresses } = await actors.pageInState("channel", state, null, MOST_CHANNELS);
  const needs = await Promise.all([...new Set(addresses)].map((address) => channelNeed(actors, kind, address)));
  return needs.flat();
}

async function channelNeed(
  actors: Pick<Actors, "read">,
  kind: "channelLost" | "channelDegraded" | "breakerTripped",
  address: ActorAddress,
): Promise<readonly Need[]> {
  const view = await lookAt(actors, address);
  if (view === null) return [];
  const { title, chatId, missing, unavailableSince, heldCount } = view.context as unknown as ChannelContext;
  const about = kind === "breakerTripped" || missing.length === 0 ? "" : `: ${missing.join(", ")}`;
  return need({
    kind,
    count: 1,
    text: `${title ?? chatId}${about}`,
    href: `/console/actors/channel/${encodeURIComponent(chatId)}`,
    address,
    ...(kind === "breakerTripped" ? { held: heldCount } : { since: unavailableSince }),
  });
}

/** Which actor it is and whose, where it is one. */
async function oneOf(
  actors: OverviewDeps["actors"],
  machine: MachineName,
  state: string,
  count: number,
): Promise<Partial<Need>> {
  if (count !== 1) return {};
  const [address] = (await actors.pageInState(machine, state, null, 1)).addresses;
  const view = address === undefined ? null : await lookAt(actors, address);
  return view === null ? {} : { address: view.address, customer: ownerOf(view) };
}

/** Since when the oldest one is open, and whose it is, where it is one. */
async function openTickets(actors: OverviewDeps["actors"], count: number): Promise<Partial<Need>> {
  if (count === 0 || count > MOST_TICKETS) return {};
  const pages = await Promise.all(
    ["open", "reopened"].map((state) => actors.pageInState("ticket", state, null, MOST_TICKETS)),
  );
  const addresses = [...new Set(pages.flatMap((page) => page.addresses))];
  const views = (await Promise.all(addresses.map((address) => lookAt(actors, address)))).filter(
    (view) => view !== null,
  );
  const opened = views.map(({ context }) => (context as unknown as TicketContext).openedAt);
  const [only] = views;
  return {
    since: opened.length === 0 ? null : Math.min(...opened),
    customer: count === 1 && only ? ownerOf(only) : null,
  };
}

/** An actor with several regions counts once in each of them. */
function totalOf({ machine }: MachineDefinition, states: Readonly<Record<string, number>>): number {
  const paths = Object.keys(states);
  const regions = machine.config.type === "parallel" ? new Set(paths.map((path) => path.split(".")[0])) : null;
  const [first] = regions ?? [];
  return paths
    .filter((path) => regions === null || path.split(".")[0] === first)
    .reduce((sum, path) => sum + (states[path] ?? 0), 0);
}
