// What staff ask about customers and the service, whoever asks: over HTTP or in Telegram. Everything here reads.
import type { MachineDefinition } from "../../machines/definition.ts";
import type { Actors } from "../runtime/ports.ts";
import type { Customers } from "./answers/people.ts";
import { type ListQuery, makeListCustomers } from "./customers.ts";
import { type Find, makeFind } from "./find.ts";

export interface SupportDeps {
  readonly actors: Pick<Actors, "find" | "read" | "history" | "pageInState" | "countByState">;
  readonly definitions: readonly MachineDefinition[];
  /** The service's clock, epoch ms. */
  readonly now: () => number;
}

/** Each throws AppError redis.unreachable. */
export interface Support {
  /** What a text identifies: the search box. */
  readonly find: Find;
  customers(query: ListQuery): Promise<Customers>;
}

export function makeSupport(deps: SupportDeps): Support {
  const find = makeFind(deps);
  return { find, customers: makeListCustomers({ ...deps, find }) };
}
