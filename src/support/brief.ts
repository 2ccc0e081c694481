// A person in a few lines, for whoever answers them: who they are, what they have, what they paid.
import { type ActorAddress, addressOf } from "../../machines/address.ts";
import type { CustomerContext } from "../../machines/customer/types.ts";
import type { PaymentContext } from "../../machines/payment/types.ts";
import type { Actors } from "../runtime/ports.ts";
import type { Person } from "./answers/actors.ts";
import { look, lookAt, readPerson } from "./look.ts";

export interface Brief {
  readonly customer: Person;
  readonly language: string;
  /** Of the customer actor. */
  readonly states: readonly string[];
  /** Subscriptions, set-ups, invites, open requests. `problem`: it cannot be read. */
  readonly actors: readonly { readonly address: ActorAddress; readonly states: readonly string[] }[];
  /** Newest first. */
  readonly payments: readonly {
    readonly chargeId: string;
    readonly amountMinor: number;
    readonly currency: string;
    readonly state: string;
    readonly at: number;
  }[];
}

const SHOWN = /^(?:subscription|onboarding|invite|ticket)\//;

/** @returns null for somebody who was never seen. @throws AppError redis.unreachable */
export const makeBrief =
  (actors: Pick<Actors, "find" | "read">) =>
  async (userId: number): Promise<Brief | null> => {
    const addresses = await actors.find(`telegramId=${userId}`);
    if (addresses.length === 0) return null;
    const looks = (await Promise.all(addresses.map((address) => look(actors, address)))).filter(
      (seen) => seen !== null,
    );
    const known = await lookAt(actors, addressOf.customer(userId));
    const payments = looks.flatMap(({ address, view }) => {
      if (!address.startsWith("payment/") || view === null) return [];
      const { chargeId, amountMinor, currency, receivedAt } = view.context as unknown as PaymentContext;
      return [{ chargeId, amountMinor, currency, state: view.states[0] ?? "", at: receivedAt }];
    });
    return {
      customer: await readPerson(actors, userId),
      language: (known?.context as unknown as CustomerContext | undefined)?.language ?? "—",
      states: known?.states ?? [],
      actors: looks
        .filter(({ address, view }) => SHOWN.test(address) && !(address.startsWith("ticket/") && isClosed(view)))
        .map(({ address, view }) => ({ address, states: view?.states ?? ["?"] })),
      payments: payments.sort((a, b) => b.at - a.at),
    };
  };

const isClosed = (view: { readonly states: readonly string[] } | null): boolean => view?.states[0] === "closed";
