// Whose an entry of the record is.
import type { ActorAddress } from "../../machines/address.ts";
import { addressOf } from "../../machines/address.ts";
import type { Actors, AuditEntry } from "../runtime/ports.ts";

/** More than a person has; who has more is looked at by their newest ones. */
const MOST_ACTORS = 300;

/** All actors of a person, as the record of them is read. */
export async function actorsOfPerson(actors: Pick<Actors, "find">, userId: number): Promise<readonly ActorAddress[]> {
  const found = await actors.find(`telegramId=${userId}`);
  return [...new Set([addressOf.customer(userId), ...found])].slice(0, MOST_ACTORS);
}

/**
 * Tells entries of a person's actors from others, also of those that come into being while it is asked: their ids begin with the
 * person's, or the event that creates them names the person.
 */
export async function makeIsOfPerson(
  actors: Pick<Actors, "find">,
  userId: number,
): Promise<(entry: Pick<AuditEntry, "address" | "event">) => boolean> {
  const known = new Set<string>(await actorsOfPerson(actors, userId));
  return ({ address, event }) => {
    if (event.userId === userId || address.slice(address.indexOf("/") + 1).startsWith(`${userId}:`)) known.add(address);
    return known.has(address);
  };
}
