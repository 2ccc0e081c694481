// All that is kept of a person, in clear names, for the person: a copy that staff hand over when somebody asks what is known of them.
import { type ActorAddress, addressOf, parseAddress } from "../../machines/address.ts";
import type { CustomerContext } from "../../machines/customer/types.ts";
import { AppError } from "../errors.ts";
import type { Actors, AuditEntry } from "../runtime/ports.ts";
import type { PersonExport } from "./answers/person-export.ts";
import { type Look, look } from "./look.ts";
import type { StaffMember } from "./staff.ts";
import type { Tickets } from "./tickets.ts";

export interface PersonExportDeps {
  readonly actors: Pick<Actors, "find" | "read" | "history">;
  /** The books, oldest first. */
  readonly ledger: { rows(): AsyncIterable<PersonExport["payments"][number] & { readonly userId: number }> };
  readonly tickets: Pick<Tickets, "read">;
  readonly pseudonyms: () => Promise<ReadonlyMap<number, string>>;
  /** Epoch ms. */
  readonly now: () => number;
}

/** Of one actor. Longer histories exist only where something went wrong; the newest are then given, and it is said. */
const MOST_ENTRIES = 10_000;
const PAGE = 500;
/** Of a sealed secret a context holds a reference; that it is there, and since when, is all that anybody is told. */
const SEALED_FIELDS = new Set(["token"]);

/** @throws AppError actor.noActor where nothing at all is known of the person; redis.unreachable */
export const makePersonExport =
  ({ actors, ledger, tickets, pseudonyms, now }: PersonExportDeps) =>
  async (userId: number, member: StaffMember): Promise<PersonExport> => {
    const own = addressOf.customer(userId);
    const addresses = [...new Set([own, ...[...(await actors.find(`telegramId=${userId}`))].sort()])];
    const looks = (await Promise.all(addresses.map((address) => look(actors, address)))).filter(
      (seen) => seen !== null,
    );
    if (looks.length === 0) throw new AppError("actor.noActor");
    const histories = new Map<ActorAddress, readonly AuditEntry[]>();
    for (const { address } of looks) histories.set(address, await historyOf(actors, address));
    const customer = (looks.find(({ address }) => address === own)?.view?.context ??
      null) as unknown as CustomerContext | null;
    const messages = await Promise.all(
      looks
        .filter(({ address, view }) => address.startsWith("ticket/") && view !== null)
        .map(({ address }) => tickets.read(parseAddress(address).id, member)),
    );
    const payments: PersonExport["payments"] = [];
    for await (const { userId: payer, entry, chargeId, orderId, currency, amountMinor, at } of ledger.rows())
      if (payer === userId) payments.push({ entry, chargeId, orderId, currency, amountMinor, at });
    return {
      madeAt: now(),
      telegramId: userId,
      person: customer && {
        firstName: customer.firstName,
        username: customer.username,
        formerUsernames: [...customer.formerUsernames],
        language: customer.language,
        firstSeenAt: customer.firstSeenAt,
        cameBy: customer.ref,
        remindersMuted: customer.remindersMuted,
        trialUsedAt: customer.trialUsedAt,
        riskReason: customer.riskReason,
      },
      consents: (histories.get(own) ?? [])
        .filter(({ event }) => event.type === "terms.accepted")
        .map(({ event, at }) => ({
          version: String(event.version),
          at,
          language: event.language === "ru" || event.language === "en" ? event.language : null,
        })),
      payments,
      pseudonym: (await pseudonyms()).get(userId) ?? null,
      conversations: messages.map(({ id, subject, state, messages: texts }) => ({
        ...{ id, subject, state },
        messages: texts.map(({ from, text, at }) => ({ from, text, at })),
      })),
      secrets: looks.flatMap((seen) => secretsOf(seen, histories.get(seen.address) ?? [])),
      records: looks.map(({ address, view }) => {
        const entries = histories.get(address) ?? [];
        return {
          address,
          states: [...(view?.states ?? [])],
          holds: view === null ? null : withoutSealed(view.context),
          // Who of the staff did something, and in which words, is about them.
          events: entries.map(({ at, event, cause }) => ({ at, type: event.type, from: cause.kind })),
          isWhole: entries.length < MOST_ENTRIES,
        };
      }),
    };
  };

/** Newest first. */
async function historyOf(actors: Pick<Actors, "history">, address: ActorAddress): Promise<readonly AuditEntry[]> {
  const entries: AuditEntry[] = [];
  for (let before: string | undefined; entries.length < MOST_ENTRIES; ) {
    const page = await actors.history(address, { limit: PAGE, ...(before === undefined ? {} : { before }) });
    entries.push(...page);
    before = page.at(-1)?.previous;
    if (page.length < PAGE || before === undefined) break;
  }
  return entries;
}

const withoutSealed = (context: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(context).filter(([field]) => !SEALED_FIELDS.has(field)));

function secretsOf({ address, view }: Look, history: readonly AuditEntry[]): PersonExport["secrets"] {
  if (view === null || !address.startsWith("onboarding/")) return [];
  const token = view.context.token as { readonly ref: string } | null;
  if (token === null) return [];
  const given = history.find(({ event }) => event.type === "token.given" && event.ref === token.ref);
  return [{ what: `${address}: token`, setAt: given?.at ?? null }];
}
