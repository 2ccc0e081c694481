// A sign of life: the person can be reached, and this is what they are called now. Sent only when that is news.
import type { MiddlewareFn } from "grammy";
import { addressOf } from "../../../machines/address.ts";
import type { CustomerContext } from "../../../machines/customer/types.ts";
import { cleanName } from "../clean-text.ts";
import { type BotContext, byUpdate } from "../context.ts";
import { faultFields, isPassing } from "../faults.ts";
import { languageOf } from "../language.ts";
import type { BotDeps } from "../ports.ts";
import type { ParsedUpdate, Person } from "../updates.ts";
import { regionOf } from "../view.ts";

/** Deep-link payloads are written by whoever makes the link. */
const REF = /^\/start(?:@\w+)? ([\w-]{1,64})$/;

/** Payloads that name a campaign; the others (`plans`, `renew`, `connect`) say where to go, not where from. */
const CAMPAIGN = /^c_/;

export const startPayload = (text: string | undefined): string | null => REF.exec(text ?? "")?.[1] ?? null;

/** Who acts in a private chat with us; null for updates that are no sign of life (service messages sent by the bot). */
export function personOf(update: ParsedUpdate): Person | null {
  const from =
    update.kind === "message" && update.data.chat.type === "private"
      ? update.data.from
      : update.kind === "callback_query" && update.data.message?.chat.type === "private"
        ? update.data.from
        : undefined;
  return from === undefined || from.is_bot ? null : from;
}

export function contact(deps: Pick<BotDeps, "actors" | "logger">): MiddlewareFn<BotContext> {
  return async (ctx, next) => {
    const update = ctx.parsed;
    const person = personOf(update);
    if (person !== null) {
      try {
        await sendWhenNews(update, person);
      } catch (error) {
        // A customer's record that can't be read must not hold back the customer's money.
        if (isPassing(error)) throw error;
        deps.logger.error(
          { event: "contact.failed", userId: person.id, ...faultFields(error) },
          "contact.seen was not taken",
        );
      }
    }
    await next();
  };

  async function sendWhenNews(update: ParsedUpdate, person: Person): Promise<void> {
    const address = addressOf.customer(person.id);
    const actor = await deps.actors.read(address);
    const known = actor === null ? null : (actor.context as unknown as CustomerContext);
    const payload = update.kind === "message" ? startPayload(update.data.text) : null;
    const ref = payload !== null && CAMPAIGN.test(payload) ? payload : null;
    const seen = {
      username: person.username ?? null,
      firstName: cleanName(person.first_name),
      // A client that doesn't tell its language is no reason to forget the one we know.
      language:
        person.language_code === undefined && known !== null ? known.language : languageOf(person.language_code),
      ref,
    };
    const isNews =
      known === null ||
      regionOf(actor, "contact") !== "reachable" ||
      (ref !== null && known.ref === null) ||
      known.username !== seen.username ||
      known.firstName !== seen.firstName ||
      (!known.languageChosen && known.language !== seen.language);
    if (!isNews) return;
    const options = byUpdate(update.updateId);
    await deps.actors.send(address, { type: "contact.seen", ...seen }, { ...options, key: `seen-${options.key}` });
  }
}
