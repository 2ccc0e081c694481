// Looking at actors without stumbling: one that cannot be read must not hide the others.
import { type ActorAddress, addressOf, parseAddress } from "../../machines/address.ts";
import type { CustomerContext } from "../../machines/customer/types.ts";
import { isAppError } from "../errors.ts";
import type { Actors, ActorView } from "../runtime/ports.ts";
import type { ActorLine, Person } from "./answers/actors.ts";

export type Reading = Pick<Actors, "read">;

/** `problem`: code of the error that reading it ends with. */
export type Look =
  | { readonly address: ActorAddress; readonly view: ActorView }
  | { readonly address: ActorAddress; readonly view: null; readonly problem: string };

/** @returns null where there is no such actor. @throws AppError redis.unreachable, actor.invalidId */
export async function look(actors: Reading, address: ActorAddress): Promise<Look | null> {
  try {
    const view = await actors.read(address);
    return view === null ? null : { address, view };
  } catch (error) {
    if (isAppError(error, "actor.quarantined") || isAppError(error, "actor.unknownVersion"))
      return { address, view: null, problem: error.code };
    throw error;
  }
}

/** For those who only ask what it says: null where it is missing or cannot be read. */
export const lookAt = async (actors: Reading, address: ActorAddress): Promise<ActorView | null> =>
  (await look(actors, address))?.view ?? null;

/** The path of one region, such as `active.term` of `billing.active.term`; null without it. */
export function regionOf(view: ActorView | null, region: string): string | null {
  const leaf = view?.states.find((state) => state.startsWith(`${region}.`));
  return leaf === undefined ? null : leaf.slice(region.length + 1);
}

export const stateOf = (view: ActorView): string => view.states[0] ?? "";

export const isIn = (path: string, state: string): boolean => path === state || path.startsWith(`${state}.`);

/** Whose actor it is; null for a chat, and for what is nobody's. */
export function ownerOf(view: ActorView): number | null {
  const { userId } = view.context;
  return typeof userId === "number" && userId > 0 ? userId : null;
}

/** @param customer Of this person; null: never seen, or not readable. */
export function personOf(userId: number, customer: ActorView | null): Person {
  const context = customer?.context as unknown as CustomerContext | undefined;
  return { userId, name: context?.firstName ?? null, username: context?.username ?? null };
}

/** Who somebody is to staff. Names go into answers to staff, and nowhere else. */
export const readPerson = async (actors: Reading, userId: number): Promise<Person> =>
  personOf(userId, await lookAt(actors, addressOf.customer(userId)));

/** In which the change into the current states is looked for. */
const LOOK_BACK = 20;

/** When an actor came into the states that it is in, as far as its latest events tell. Epoch ms. */
export async function sinceOf(actors: Pick<Actors, "history">, address: ActorAddress): Promise<number | null> {
  const entries = await actors.history(address, { limit: LOOK_BACK });
  return (entries.find(({ to }) => to !== undefined) ?? entries.at(-1))?.at ?? null;
}

/** One row of a table of actors. @param person Who it belongs to, where that is known already. */
export async function lineOf(
  actors: Pick<Actors, "read" | "history">,
  address: ActorAddress,
  person?: Person,
): Promise<ActorLine | null> {
  const seen = await look(actors, address);
  if (seen === null) return null;
  const { machine, id } = parseAddress(address);
  if (seen.view === null) {
    const { problem } = seen;
    return { address, machine, id, states: [], since: null, nextTimer: null, customer: person ?? null, problem };
  }
  const { view } = seen;
  const userId = ownerOf(view);
  return {
    address,
    machine,
    id,
    states: [...view.states],
    since: await sinceOf(actors, address),
    nextTimer: nextTimerOf(view),
    customer: person ?? (userId === null ? null : await readPerson(actors, userId)),
  };
}

function nextTimerOf({ timers }: ActorView): ActorLine["nextTimer"] {
  const [first] = Object.entries(timers).sort(([, a], [, b]) => a.dueAt - b.dueAt);
  return first === undefined ? null : { id: first[0], dueAt: first[1].dueAt };
}
