// Actors as rows of a table: state, since when, what comes next, whose it is.
import type { ActorAddress } from "../../machines/address.ts";
import type { Lookup, MachineDefinition } from "../../machines/definition.ts";
import type { Actors, ActorView } from "../runtime/ports.ts";
import type { ActorLine } from "./answers/actors.ts";
import { lineOf } from "./look.ts";

/** A person has a dozen actors, a customer of many years some hundreds of orders and payments. */
const MOST_RELATED = 100;
const ABREAST = 16;

/** Those that exist, in the order given. */
export async function linesOf(
  actors: Pick<Actors, "read" | "history">,
  addresses: readonly ActorAddress[],
): Promise<readonly ActorLine[]> {
  const found: ActorLine[] = [];
  for (let at = 0; at < addresses.length; at += ABREAST) {
    const some = await Promise.all(addresses.slice(at, at + ABREAST).map((address) => lineOf(actors, address)));
    found.push(...some.filter((line) => line !== null));
  }
  return found;
}

/** The other actors of the same person or, without one, of the same payment or order. */
export async function relatedTo(
  actors: Pick<Actors, "read" | "history" | "find">,
  { lookups }: MachineDefinition,
  { address, context }: ActorView,
): Promise<readonly ActorLine[]> {
  const all: readonly Lookup[] = lookups(context as never);
  const ofPerson = all.filter((lookup) => lookup.startsWith("telegramId="));
  const ofMoney = all.filter((lookup) => /^(?:chargeId|orderId)=/.test(lookup));
  const found = await Promise.all((ofPerson.length > 0 ? ofPerson : ofMoney).map((lookup) => actors.find(lookup)));
  const others = [...new Set(found.flat())].filter((one) => one !== address).sort();
  return linesOf(actors, others.slice(0, MOST_RELATED));
}
