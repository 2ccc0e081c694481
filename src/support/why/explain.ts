// The whole answer for one chat, from what was read. Pure: the same case gives the same answer.
import { type ExplainedFact, explainEntitlement } from "../../../machines/entitlement.ts";
import type { ChatAnswer } from "../answers/people.ts";
import { adviceOn } from "./advice.ts";
import type { ChatCase, SubscriptionTrail } from "./case.ts";
import { evidenceOf } from "./evidence.ts";
import { lastSighting } from "./membership.ts";
import { placeOf } from "./place.ts";
import { rightOf } from "./right.ts";
import type { Say } from "./say.ts";
import { moment, type Sentence, sentence } from "./sentence.ts";

type FactLine = ChatAnswer["facts"][number];

export function explainChat(chat: ChatCase, say: Say): ChatAnswer {
  const right = rightOf(chat);
  const place = placeOf(chat, right);
  return {
    chatId: chat.chatId,
    title: titleOf(chat),
    product: productOf(right.subscription) ?? chat.productOnSale,
    entitled: right.entitled,
    membership: lastSighting(chat.invite.entries)?.membership ?? null,
    problem: place.problem,
    summary: [...right.said, place.said].map(say).join(" "),
    facts: factsOf(chat, say),
    evidence: [...evidenceOf(chat, right, say)],
    advice: [...place.proposals, ...adviceOn(chat, right)].map(({ text, address, event }) => ({
      text: say(text),
      address,
      event,
    })),
  };
}

function titleOf({ channel }: ChatCase): string | null {
  const title = channel?.context.title;
  return typeof title === "string" ? title : null;
}

function productOf(subscription: SubscriptionTrail | null): string | null {
  const product = subscription?.view.context.product;
  return typeof product === "string" ? product : null;
}

function factsOf(chat: ChatCase, say: Say): FactLine[] {
  const lines = (facts: SubscriptionTrail["facts"], subscription: string | null): FactLine[] =>
    explainEntitlement(facts, chat.now).map((fact) => ({
      ...fact,
      value: factValue(fact, facts),
      text: say(wordFact(fact, facts)),
      subscription,
    }));
  if (chat.subscriptions.length > 0) return chat.subscriptions.flatMap(({ facts, address }) => lines(facts, address));
  const riskBlocked = chat.customer?.states.includes("risk.blocked") ?? false;
  return lines({ billing: null, riskBlocked, overrideUntil: null }, null);
}

function factValue({ fact }: ExplainedFact, facts: SubscriptionTrail["facts"]): string | null {
  if (fact === "risk") return facts.riskBlocked ? "blocked" : "clear";
  if (fact === "override") return facts.overrideUntil === null ? null : String(facts.overrideUntil);
  return facts.billing;
}

function wordFact({ fact, effect }: ExplainedFact, facts: SubscriptionTrail["facts"]): Sentence {
  if (fact === "risk") return sentence(facts.riskBlocked ? "fact.risk.blocked" : "fact.risk.clear");
  if (fact === "override") {
    if (facts.overrideUntil === null) return sentence("fact.override.none");
    const until = moment(facts.overrideUntil);
    return sentence(effect === "opens" ? "fact.override.open" : "fact.override.over", { until });
  }
  if (facts.billing === null) return sentence("fact.billing.none");
  return sentence(effect === "opens" ? "fact.billing.open" : "fact.billing.closed", { value: facts.billing });
}
