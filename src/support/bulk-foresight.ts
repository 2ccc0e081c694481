// What one event would do to many actors: each foreseen by itself, those alike counted together, some told in full.
import { type ActorAddress, parseAddress } from "../../machines/address.ts";
import { isAppError } from "../errors.ts";
import type { ActorPlan, Foresight, PlannedStep } from "../runtime/foresight-ports.ts";
import { consequencesOf } from "../runtime/plan-hash.ts";
import type { ActorEvent, Actors } from "../runtime/ports.ts";
import type { Plan } from "./answers/actors.ts";
import type { BulkGroup, BulkPlan } from "./answers/bulk.ts";
import { NEEDS_TWO, type StaffCommands } from "./commands.ts";
import { inParallel } from "./in-parallel.ts";
import type { Preview } from "./preview.ts";

/** Actors looked at at the same time. */
const AT_ONCE = 16;
/** Nobody reads more plans than that, whole. */
const SAMPLE = 20;
/** Ways it may go that are told; the rest is counted. */
const MOST_GROUPS = 20;
/** Members of a group whose words are looked at, for a reader of the other language. */
const READERS = 4;

/** What would become of one of those that are meant, without words: there may be thousands. */
export interface Seen {
  readonly address: ActorAddress;
  readonly outcome: "applied" | "ignored" | "unreadable";
  /** It ends where nothing leads out. */
  readonly final: boolean;
  readonly needsApproval: boolean;
  /** Another one when something else would happen, to it or to those that would hear of it. */
  readonly hash: string;
  /** The same for actors with which the same would happen. */
  readonly likeness: string;
}

export interface BulkForesight {
  /** @param event signed. @returns one for each address. @throws AppError what planning throws, but for actors that cannot be read */
  all(event: ActorEvent, addresses: readonly ActorAddress[]): Promise<readonly Seen[]>;
  /** @throws AppError what previewing throws */
  tell(event: ActorEvent, seen: readonly Seen[]): Promise<Omit<BulkPlan, "planHash" | "count" | "approval">>;
}

export interface BulkForesightDeps {
  readonly actors: Pick<Actors, "read">;
  readonly foresight: Pick<Foresight, "plan">;
  readonly preview: Pick<Preview, "event">;
  readonly needsApproval: StaffCommands["needsApproval"];
}

export function makeBulkForesight({ actors, foresight, preview, needsApproval }: BulkForesightDeps): BulkForesight {
  const look = async (address: ActorAddress, event: ActorEvent): Promise<Seen> => {
    try {
      const plan = await foresight.plan(address, event);
      const { after, step, follows, final } = plan;
      const view = event.type === NEEDS_TWO ? await actors.read(address) : null;
      return {
        ...{ address, final, needsApproval: view !== null && needsApproval(view, event) },
        outcome: step.outcome === "applied" ? "applied" : "ignored",
        hash: `${after.join()} ${consequencesOf(step, follows)}`,
        likeness: likenessOf(plan),
      };
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      const hash = `${address} unreadable`;
      return { address, outcome: "unreadable", final: false, needsApproval: false, hash, likeness: "" };
    }
  };

  return {
    all: (event, addresses) => inParallel(AT_ONCE, addresses, (address) => look(address, event)),

    async tell(event, seen) {
      const would = { applied: 0, ignored: 0, unreadable: 0, final: 0 };
      for (const { outcome } of seen) would[outcome] += 1;
      const applied = seen.filter(({ outcome }) => outcome === "applied");
      would.final = applied.filter(({ final }) => final).length;
      const alike = new Map<string, Seen[]>();
      for (const one of applied) {
        const members = alike.get(one.likeness);
        if (members) members.push(one);
        else alike.set(one.likeness, [one]);
      }
      const ways = [...alike].sort(([, one], [, other]) => other.length - one.length);
      const listed = ways.slice(0, MOST_GROUPS);
      const placeOf = new Map(listed.map(([likeness], place) => [likeness, place]));

      // Some are looked at again for their words. Whoever moved since the first look is found out when the command is sent.
      const sampled = applied.slice(0, SAMPLE);
      const readers = listed.map(([, members]) => members.slice(0, READERS));
      const whole = [...new Set([...sampled, ...readers.flat()])];
      const plans = new Map(
        await inParallel(AT_ONCE, whole, async (one) => [one, await preview.event(one.address, event)] as const),
      );
      return {
        would,
        groups: listed.flatMap(([, members], place): BulkGroup[] => {
          const read = (readers[place] ?? []).flatMap((one) => plans.get(one) ?? []);
          const [example] = read;
          return example ? [{ count: members.length, example, told: inEachLanguage(read) }] : [];
        }),
        others: ways.slice(MOST_GROUPS).reduce((sum, [, members]) => sum + members.length, 0),
        sample: sampled.flatMap((one) => {
          const plan = plans.get(one);
          return plan ? [{ ...plan, address: one.address, group: placeOf.get(one.likeness) ?? null }] : [];
        }),
        final: would.final > 0,
      };
    },
  };
}

/** The words of one notice in one language, once. */
function inEachLanguage(plans: readonly Plan[]): Plan["told"] {
  const found = new Map<string, Plan["told"][number]>();
  for (const told of plans.flatMap((plan) => plan.told)) {
    const key = `${told.notice} ${told.language}`;
    if (!found.has(key)) found.set(key, told);
  }
  return [...found.values()];
}

/** Everything that a plan tells but whom it is about and when: an actor is named by its machine. */
function likenessOf({ before, after, step, follows, final }: ActorPlan): string {
  const nameless = ({ address, event, outcome, note = "", from, to, effects, assumes = "" }: PlannedStep) => [
    address === step.address ? "itself" : parseAddress(address).machine,
    ...[event, outcome, note, from, to, assumes],
    effects.map((effect) => effect.replace(/^tell ([a-z]+)\/.* (\S+)$/i, "tell $1 $2")),
  ];
  return JSON.stringify([before, after, final, [step, ...follows].map(nameless)]);
}

const isUnreadable = (error: unknown): boolean =>
  (["actor.quarantined", "actor.unknownVersion", "actor.machineFailed", "actor.invalidId"] as const).some((code) =>
    isAppError(error, code),
  );
