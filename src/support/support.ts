// What staff ask about customers and the service, whoever asks: over HTTP or in Telegram. Everything here reads.
import type { MachineDefinition } from "../../machines/definition.ts";
import type { Actors } from "../runtime/ports.ts";
import type { Overview } from "./answers/operations.ts";
import type { CustomerPage, Customers, Why } from "./answers/people.ts";
import { type CustomerPageDeps, makeCustomerPage } from "./customer-page.ts";
import { type ListQuery, makeListCustomers } from "./customers.ts";
import { type Find, makeFind } from "./find.ts";
import { makeOverview, type OverviewDeps } from "./overview.ts";
import type { WhyLanguage } from "./why/texts.ts";
import { makeWhy, type WhyDeps } from "./why/why.ts";

export interface SupportDeps extends WhyDeps, CustomerPageDeps, OverviewDeps {
  readonly actors: Pick<Actors, "find" | "read" | "history" | "pageInState" | "countByState">;
  readonly definitions: readonly MachineDefinition[];
  readonly failed: WhyDeps["failed"] & OverviewDeps["failed"];
}

/** Each throws AppError redis.unreachable. */
export interface Support {
  /** What a text identifies: the search box. */
  readonly find: Find;
  customers(query: ListQuery): Promise<Customers>;
  /** @throws AppError actor.noActor where nothing at all is known of the person */
  page(userId: number): Promise<CustomerPage>;
  /** Why somebody is in a chat or not. */
  why(userId: number, language: WhyLanguage, readerZone?: string): Promise<Why>;
  /** What needs a person, and how many actors are where. */
  overview(): Promise<Overview>;
}

export function makeSupport(deps: SupportDeps): Support {
  const find = makeFind(deps);
  return {
    find,
    customers: makeListCustomers({ ...deps, find }),
    page: makeCustomerPage(deps),
    why: makeWhy(deps),
    overview: makeOverview(deps),
  };
}
