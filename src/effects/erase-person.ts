import type { TicketContext } from "../../machines/ticket/types.ts";
import type { Actors } from "../runtime/ports.ts";
import type { EffectExecutor } from "./executor.ts";
import { type NotifyDeps, withPace } from "./notify-customer.ts";
import type { PersonTraces } from "./ports.ts";

export interface ErasePersonDeps {
  readonly actors: Pick<Actors, "find" | "read" | "send">;
  readonly traces: PersonTraces;
  readonly messenger: Pick<NotifyDeps["messenger"], "notifyErased">;
  readonly pacer: NotifyDeps["pacer"];
}

/**
 * Rule 16: texts of the person's tickets, their dialogue, screen and counts, their set-ups with e-mail, spreadsheets and sealed secrets; the
 * books get a pseudonym.
 * Then the conversations whose texts are gone, the wish to be forgotten among them, are closed, and the person is told. Twice is harmless:
 * what is gone stays gone, a pseudonym stays the first one, a closed ticket is closed; only the last message may come twice.
 */
export const makeErasePerson =
  ({ actors, traces, messenger, pacer }: ErasePersonDeps): EffectExecutor<"erasePerson"> =>
  async ({ userId, language, upTo }, { effectId, signal }) => {
    const addresses = await actors.find(`telegramId=${userId}`);
    const tickets = addresses.filter((address) => address.startsWith("ticket/"));
    for (const ticket of tickets) {
      signal.throwIfAborted();
      await traces.eraseTexts(ticket.slice("ticket/".length), upTo);
    }
    await traces.eraseChat(userId);
    for (const owner of addresses.filter((address) => address.startsWith("onboarding/"))) {
      await actors.send(owner, { type: "person.erased" }, { cause: { kind: "effect", id: effectId }, key: effectId });
      await traces.dropSecrets(owner);
    }
    await traces.givePseudonym(userId);

    for (const ticket of tickets) {
      const context = (await actors.read(ticket))?.context as TicketContext | undefined;
      // Money and access that people look into go on; a question that nobody can read any more is over.
      if (context?.subject !== "question" || context.openedAt > upTo) continue;
      await actors.send(
        ticket,
        { type: "ticket.closed", by: "erasure" },
        { cause: { kind: "effect", id: effectId }, key: effectId },
      );
    }
    if (language === null) return;
    await withPace(pacer, String(userId), () => messenger.notifyErased({ userId, language }));
  };
