// Customers as a list: all of them a page at a time, or those whom a text identifies.
import { addressOf } from "../../machines/address.ts";
import type { Actors } from "../runtime/ports.ts";
import type { ActorLine } from "./answers/actors.ts";
import type { Customers } from "./answers/people.ts";
import type { Find } from "./find.ts";
import { lineOf } from "./look.ts";

export interface ListDeps {
  readonly actors: Pick<Actors, "read" | "history" | "pageInState">;
  readonly find: Find;
}

export interface ListQuery {
  readonly q?: string | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** Everybody is in one state of this region, so nobody is listed twice. */
const REGION = "standing";

/** @throws AppError redis.unreachable */
export const makeListCustomers =
  ({ actors, find }: ListDeps) =>
  async ({ q, cursor, limit }: ListQuery): Promise<Customers> => {
    const lines = async (ids: readonly number[]): Promise<ActorLine[]> =>
      (await Promise.all(ids.map((userId) => lineOf(actors, addressOf.customer(userId))))).filter(
        (line) => line !== null,
      );
    if (q !== undefined) {
      const ids = (await find(q)).flatMap(({ customer }) => (customer === null ? [] : [customer.userId]));
      return { customers: await lines([...new Set(ids)].slice(0, limit)), cursor: null };
    }
    const page = await actors.pageInState("customer", REGION, cursor ?? null, limit);
    const ids = [...new Set(page.addresses)].map((address) => Number(address.slice("customer/".length)));
    return { customers: await lines(ids), cursor: page.cursor };
  };
