// How old what reconciliation says is. A comparison that stands still finds nothing, and that looks as if nothing were wrong.
import { parseAddress } from "../../machines/address.ts";
import type { Actors, Clock } from "../runtime/ports.ts";
import type { BooksProgressStore } from "./books.ts";
import type { SweepProgress } from "./membership.ts";
import type { PaymentsProgressStore } from "./payments.ts";

export interface RoundAgesDeps {
  readonly actors: Pick<Actors, "pageInState">;
  readonly payments: Pick<PaymentsProgressStore, "read">;
  readonly books: Pick<BooksProgressStore, "readComparedAt">;
  readonly sweeps: Pick<SweepProgress, "read">;
  readonly clock: Clock;
}

/** Unit: milliseconds. */
export type RoundAges = Readonly<Record<"payments" | "books" | "membership", number>>;

/** Channels are few. */
const MAX_CHATS = 1_000;

/**
 * How long ago the last round that came to its end began (`payments`, `books`: everything until then is compared), or ended
 * (`membership`, whose rounds may last for hours; of the chats that can be looked into, the one that was looked through longest ago
 * counts). Before the first one: how long ago it began, or this process, if it did not.
 * @returns reads them. @throws AppError redis.unreachable
 */
export function makeRoundAges({ actors, payments, books, sweeps, clock }: RoundAgesDeps): () => Promise<RoundAges> {
  const bornAt = clock.now();
  const membersAt = async (): Promise<number> => {
    const { addresses } = await actors.pageInState("channel", "health.healthy", null, MAX_CHATS);
    const rounds = await Promise.all(addresses.map((address) => sweeps.read(`member:${parseAddress(address).id}`)));
    const ended = rounds.map((round) => round?.endedAt ?? round?.roundStartedAt ?? bornAt);
    return ended.length === 0 ? clock.now() : Math.min(...ended);
  };
  return async () => {
    const [ofPayments, booksAt, members] = await Promise.all([payments.read(), books.readComparedAt(), membersAt()]);
    const now = clock.now();
    const age = (at: number): number => Math.max(0, now - at);
    return {
      payments: age(ofPayments?.comparedAt ?? ofPayments?.roundStartedAt ?? bornAt),
      books: age(booksAt ?? bornAt),
      membership: age(members),
    };
  };
}
