// Questions about a customer in the staff chat: who is this, and why are they in or out.
import type { ChatAnswer, Evidence } from "../../support/answers/people.ts";
import type { Brief } from "../../support/brief.ts";
import { type StaffTable, say } from "./table.ts";

/** Of each kind. */
const LINES = 6;
/** Links of the chain under one chat; how many are left out is said. */
const DECISIVE = 7;
/** Of all chats together, with room for the word about those left out. Unit: UTF-16 code units. */
const ANSWER_MAX = 3_700;

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
  const shown = fitting(why.chats.map(chatText));
  const left = why.chats.length - shown.length;
  await post({ text: [...shown, ...(left > 0 ? [say("desk-why-chats-left", { n: left })] : [])].join("\n\n") });
}

/** As many as one message holds, at least the first: those that need somebody come first. */
function fitting(texts: readonly string[]): readonly string[] {
  let length = 0;
  return texts.filter((text, index) => {
    length += text.length + 2;
    return index === 0 || length <= ANSWER_MAX;
  });
}

function chatText({ title, chatId, entitled, summary, facts, evidence, advice }: ChatAnswer): string {
  const decisive = decisiveOf(evidence);
  const left = evidence.length - decisive.length;
  return [
    say(entitled ? "desk-why-open" : "desk-why-closed", { title: title ?? chatId }),
    say("desk-why-summary", { text: summary }),
    ...facts.filter(({ decides }) => decides).map(({ text }) => say("desk-why-fact", { text })),
    ...decisive.map(({ text, state }) => say(`desk-why-${state}`, { text })),
    ...(left > 0 ? [say("desk-why-left", { n: left })] : []),
    ...advice.map(({ text }) => say("desk-why-advice", { text })),
  ].join("\n");
}

/**
 * The links of the chain that decide, in its order: the newest payment, what is stuck, what moved right and membership last.
 * The chain is ordered by kind, so its end alone would be calls to Telegram and no payment.
 */
export function decisiveOf(evidence: readonly Evidence[]): readonly Evidence[] {
  const newestOf = (kind: Evidence["kind"]) => evidence.findLast((link) => link.kind === kind);
  const ranked = [
    ...(["payment", "membership", "transition"] as const).map(newestOf).filter((link) => link !== undefined),
    ...evidence.filter(({ state }) => state !== "done"),
    ...(["telegram", "event"] as const).map(newestOf).filter((link) => link !== undefined),
    ...evidence.toReversed(),
  ];
  const kept = new Set([...new Set(ranked)].slice(0, DECISIVE));
  return evidence.filter((link) => kept.has(link));
}
