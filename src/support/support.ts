// What staff ask about customers and the service, whoever asks: over HTTP or in Telegram. Everything here reads.
import type { MachineDefinition } from "../../machines/definition.ts";
import type { Actors } from "../runtime/ports.ts";
import type { Customers, Why } from "./answers/people.ts";
import { type ListQuery, makeListCustomers } from "./customers.ts";
import { type Find, makeFind } from "./find.ts";
import type { WhyLanguage } from "./why/texts.ts";
import { makeWhy, type WhyDeps } from "./why/why.ts";

export interface SupportDeps extends WhyDeps {
  readonly actors: Pick<Actors, "find" | "read" | "history" | "pageInState" | "countByState">;
  readonly definitions: readonly MachineDefinition[];
}

/** Each throws AppError redis.unreachable. */
export interface Support {
  /** What a text identifies: the search box. */
  readonly find: Find;
  customers(query: ListQuery): Promise<Customers>;
  /** Why somebody is in a chat or not. */
  why(userId: number, language: WhyLanguage): Promise<Why>;
}

export function makeSupport(deps: SupportDeps): Support {
  const find = makeFind(deps);
  return { find, customers: makeListCustomers({ ...deps, find }), why: makeWhy(deps) };
}
