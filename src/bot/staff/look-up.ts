// Questions about a customer in the staff chat: who is this, and why are they in or out.
import type { ChatAnswer } from "../../support/answers/people.ts";
import type { Brief } from "../../support/brief.ts";
import { type StaffTable, say } from "./table.ts";

/** Of each kind. */
const LINES = 6;

/** @returns null when it is not exactly one person's; then the chat was told. */
export async function findPerson({ room, post }: StaffTable, sought: string): Promise<number | null> {
  const hits = await room.find(sought);
  const people = new Set(hits.flatMap(({ customer }) => (customer === null ? [] : [customer.userId])));
  const [userId] = people;
  if (userId !== undefined && people.size === 1) return userId;
  await post({ text: say(people.size === 0 ? "desk-nobody" : "desk-several", { sought }) });
  return null;
}

export async function tellWho({ room, post }: StaffTable, userId: number): Promise<void> {
  const brief = await room.brief(userId);
  await post({ text: brief === null ? say("desk-nobody", { sought: String(userId) }) : whoText(brief) });
}

function whoText({ customer, language, states, actors, payments }: Brief): string {
  const { userId, name, username } = customer;
  return [
    say("desk-who", { name: name ?? "—", username: username === null ? "—" : `@${username}`, id: String(userId) }),
    say("desk-who-facts", { language, states: states.join(", ") || "—" }),
    ...actors
      .slice(0, LINES)
      .map(({ address, states }) => say("desk-who-actor", { address, states: states.join(", ") })),
    ...payments
      .slice(0, LINES)
      .map(({ chargeId, amountMinor, currency, state }) =>
        say("desk-who-payment", { charge: chargeId, amount: String(amountMinor), currency, state }),
      ),
  ].join("\n");
}

export async function tellWhy({ room, post }: StaffTable, userId: number): Promise<void> {
  const why = await room.why(userId);
  if (why.chats.length === 0) {
    await post({ text: say("desk-why-none", { sought: String(userId) }) });
    return;
  }
  await post({ text: why.chats.map(chatText).join("\n\n") });
}

function chatText({ title, chatId, entitled, summary, facts, evidence, advice }: ChatAnswer): string {
  return [
    say(entitled ? "desk-why-open" : "desk-why-closed", { title: title ?? chatId }),
    say("desk-why-summary", { text: summary }),
    ...facts.filter(({ decides }) => decides).map(({ text }) => say("desk-why-fact", { text })),
    ...evidence.slice(-LINES).map(({ text, state }) => say(`desk-why-${state}`, { text })),
    ...advice.map(({ text }) => say("desk-why-advice", { text })),
  ].join("\n");
}
