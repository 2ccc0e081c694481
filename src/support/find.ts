// The search box: whatever identifies a person, a payment or an actor, as people paste it.
import { type ActorAddress, addressOf, MachineName, OpaqueId, UserId } from "../../machines/address.ts";
import type { Lookup, MachineDefinition } from "../../machines/definition.ts";
import type { Actors, ActorView } from "../runtime/ports.ts";
import type { Person } from "./answers/actors.ts";
import type { Hit } from "./answers/people.ts";
import { type Look, look, lookAt, ownerOf, readPerson } from "./look.ts";

/** What matched; the same words as in the query of `GET /api/v1/actors`. */
type By = "telegramId" | "username" | "chargeId" | "orderId" | "actorId";

/** What a text could mean. Pure. */
export interface Sought {
  /** Exactly this actor. */
  readonly address: ActorAddress | null;
  readonly userId: number | null;
  /** In lower case, without `@`. */
  readonly username: string | null;
  /** The text itself: an order, a charge, or the id of an actor without its machine. */
  readonly id: string;
}

/** More than anybody looks through; the exact ones come first. */
const MOST_HITS = 20;

const LINK = /^(?:https?:\/\/)?(?:www\.)?(?:t|telegram)\.me\/@?([A-Za-z0-9_]{3,32})(?:[/?].*)?$/i;
const USER_LINK = /^tg:\/\/(?:user\?id=(\d{1,16})|resolve\?domain=([A-Za-z0-9_]{3,32}))/i;
const NAME = /^@?([A-Za-z][A-Za-z0-9_]{2,31})$/;

export function readSought(text: string): Sought {
  // A name on a phone comes with a space behind it, and a copied id with what stood around it.
  const id = text
    .trim()
    .replace(/^[<«"'`]+|[>»"'`,;]+$/gu, "")
    .trim();
  const [, linked] = LINK.exec(id) ?? [];
  const [, linkedId, resolved] = USER_LINK.exec(id) ?? [];
  const username = linked ?? resolved ?? NAME.exec(id)?.[1] ?? null;
  const number = linkedId ?? (/^[\d ]+$/.test(id) ? id.replaceAll(" ", "") : null);
  const userId = number === null ? null : UserId.safeParse(Number(number));
  const slash = id.indexOf("/");
  const isAddress = slash > 0 && MachineName.safeParse(id.slice(0, slash)).success;
  return {
    address: isAddress ? (id as ActorAddress) : null,
    userId: userId?.success ? userId.data : null,
    username: username?.toLowerCase() ?? null,
    id: userId?.success ? String(userId.data) : id,
  };
}

export interface FindDeps {
  readonly actors: Pick<Actors, "find" | "read">;
  readonly definitions: readonly MachineDefinition[];
}

export type Find = (text: string) => Promise<readonly Hit[]>;

/** All indexes are asked, because an id does not say what it is of. @throws AppError redis.unreachable */
export function makeFind({ actors, definitions }: FindDeps): Find {
  /** The actors of every machine that could have this id. Charges and orders are opaque: they are simply tried. */
  const candidates = ({ address, id }: Sought): readonly ActorAddress[] =>
    address !== null
      ? definitions
          .filter(({ name }) => address.startsWith(`${name}/`))
          .filter((definition) => definition.id.safeParse(address.slice(definition.name.length + 1)).success)
          .map(() => address)
      : definitions
          .filter((definition) => definition.id.safeParse(id).success)
          .map(({ name }): ActorAddress => `${name}/${id}`);

  const lookups = ({ userId, username, id }: Sought): readonly (readonly [By, Lookup])[] => [
    ...(userId === null ? [] : ([["telegramId", `telegramId=${userId}`]] as const)),
    ...(username === null ? [] : ([["username", `username=${username}`]] as const)),
    ...(OpaqueId.safeParse(id).success
      ? ([
          ["chargeId", `chargeId=${id}`],
          ["orderId", `orderId=${id}`],
        ] as const)
      : []),
  ];

  return async (text) => {
    const sought = readSought(text);
    if (sought.id === "") return [];
    const found = new Map<ActorAddress, By>();
    const add = (address: ActorAddress, by: By) => void (found.has(address) || found.set(address, by));

    const indexed = await Promise.all(
      lookups(sought).map(async ([by, lookup]) => ({ by, addresses: await actors.find(lookup) })),
    );
    for (const { by, addresses } of indexed) {
      // A person has dozens of actors: their page lists them. Who has no actor of their own is found by the others.
      const customer = addresses.find((address) => address.startsWith("customer/"));
      if (by === "telegramId" && customer !== undefined) add(customer, by);
      else for (const address of [...addresses].sort()) add(address, by);
    }
    for (const address of candidates(sought))
      add(address, sought.userId !== null && address.startsWith("customer/") ? "telegramId" : "actorId");

    const seen = await Promise.all(
      [...found].slice(0, MOST_HITS).map(async ([address, by]) => ({ by, seen: await look(actors, address) })),
    );
    const people = new Map<number, Promise<Person>>();
    const personOf = (userId: number): Promise<Person> => {
      const known = people.get(userId) ?? readPerson(actors, userId);
      people.set(userId, known);
      return known;
    };
    const hits = await Promise.all(
      seen.flatMap(({ by, seen: one }) => (one === null ? [] : [toHit(one, by, personOf)])),
    );
    return withOwners(actors, hits);
  };
}

async function toHit(seen: Look, by: By, personOf: (userId: number) => Promise<Person>): Promise<Hit> {
  const { address, view } = seen;
  const userId = view === null ? null : ownerOf(view);
  return {
    kind: address.startsWith("customer/") ? "customer" : "actor",
    address,
    by,
    customer: userId === null ? null : await personOf(userId),
    states: statesOf(view),
  };
}

const statesOf = (view: ActorView | null): string[] => (view === null ? [] : [...view.states]);

/** Who looks for a payment mostly wants the person: they come first, found by what found the payment. */
async function withOwners(actors: Pick<Actors, "read">, hits: readonly Hit[]): Promise<readonly Hit[]> {
  const customers = hits.filter(({ kind }) => kind === "customer");
  const listed = new Set(customers.map(({ address }) => address));
  const owners: Hit[] = [];
  for (const { customer, by } of hits) {
    const address = customer === null ? null : addressOf.customer(customer.userId);
    if (address === null || customer === null || listed.has(address)) continue;
    listed.add(address);
    const view = await lookAt(actors, address);
    owners.push({ kind: "customer", address, by, customer, states: statesOf(view) });
  }
  return [...customers, ...owners, ...hits.filter(({ kind }) => kind === "actor")];
}
