// The chain that an answer rests on: payment → event → transition → Telegram call → membership seen. Pure.
import type { ActorAddress } from "../../../machines/address.ts";
import type { AuditEntry } from "../../runtime/ports.ts";
import type { Evidence } from "../answers/people.ts";
import { stateOf } from "../look.ts";
import type { Call, ChatCase, PaymentTrail, SubscriptionTrail } from "./case.ts";
import { lastSighting } from "./membership.ts";
import { amountOf, paymentContextOf, type Right } from "./right.ts";
import type { Say } from "./say.ts";
import { sentence, type Vars } from "./sentence.ts";
import type { TextId } from "./texts.ts";

/** Older calls are the past's business: the actor's page has them all. */
const LATEST_CALLS = 3;
const LATEST_PAYMENTS = 3;

const CALLS: Readonly<Record<string, TextId>> = {
  "invoke createInvite": "call.createInvite",
  "invoke approveJoinRequest": "call.approveJoinRequest",
  "invoke removeMember": "call.removeMember",
  "invoke checkMembership": "call.checkMembership",
};

type Write = (
  kind: Evidence["kind"],
  state: Evidence["state"],
  at: { readonly entry?: AuditEntry | undefined; readonly address?: ActorAddress },
  id: TextId,
  vars?: Vars,
) => Evidence;

const writer =
  (say: Say): Write =>
  (kind, state, { entry, address }, id, vars) => ({
    kind,
    at: entry?.at ?? null,
    address: entry?.address ?? address ?? null,
    seq: entry?.rev ?? null,
    text: say(sentence(id, vars)),
    state,
  });

export function evidenceOf(chat: ChatCase, right: Right, say: Say): readonly Evidence[] {
  const write = writer(say);
  return [
    ...payments(chat, right, write),
    ...onRisk(chat, right, write),
    ...chat.subscriptions.flatMap((subscription) => onSubscription(chat, subscription, write)),
    ...telegramCalls(chat, say, write),
    ...messages(chat, write),
    membership(chat, right, write),
  ];
}

/** Who or what blocked the person, where that closes access. */
function onRisk(chat: ChatCase, { entitled }: Right, write: Write): readonly Evidence[] {
  if (entitled || !chat.customer?.states.includes("risk.blocked")) return [];
  const block = chat.customerEntries.find(({ to = [] }) => to.includes("risk.blocked"));
  return block === undefined ? [] : [arrival(block, write), transition(block, write)];
}

function payments(chat: ChatCase, right: Right, write: Write): readonly Evidence[] {
  if (chat.payments.length === 0) {
    // A gift has no payment either, and misses none.
    return right.entitled ? [] : [write("payment", "missing", {}, "evidence.payment.missing")];
  }
  return [...chat.payments.slice(0, LATEST_PAYMENTS)].reverse().flatMap((payment) => onPayment(payment, write));
}

function onPayment(payment: PaymentTrail, write: Write): readonly Evidence[] {
  const context = paymentContextOf(payment);
  const state = stateOf(payment.view);
  const leaf = context.disputeReason === null ? state : `${state}, ${context.disputeReason}`;
  const entry = payment.entries.find(({ to }) => to !== undefined) ?? payment.entries.at(-1);
  const how = state.startsWith("quarantined") ? "failed" : /^(?:received|refunding)/.test(state) ? "waiting" : "done";
  const told = payment.calls.find(({ name }) => /^tell subscription\/\S+ payment\.succeeded$/.test(name));
  return [
    write("payment", how, { entry, address: payment.address }, "evidence.payment", {
      amount: amountOf(context),
      charge: context.chargeId,
      state: leaf,
    }),
    ...(told === undefined ? [] : underway(told, write)),
  ];
}

/** An event for another actor that has not arrived. */
function underway(call: Call, write: Write): readonly Evidence[] {
  if (call.state === "done") return [];
  const [, to = "", event = ""] = call.name.split(" ");
  return call.state === "waiting"
    ? [write("event", "waiting", call, "evidence.telling", { event, to })]
    : [write("event", "failed", call, "evidence.tellFailed", { event, to, error: call.error ?? "?" })];
}

/** What moved billing or access last, and whether the invite of this chat heard of it. */
function onSubscription(chat: ChatCase, { entries, calls }: SubscriptionTrail, write: Write): readonly Evidence[] {
  const moved = (region: string) =>
    entries.find(({ from = [], to = [] }) => [...from, ...to].some((state) => state.startsWith(region)));
  const turns = [...new Set([moved("billing."), moved("access.")])]
    .filter((entry) => entry !== undefined)
    .sort((a, b) => a.rev - b.rev);
  const announced = calls.find(({ name }) => name === `tell ${chat.invite.address} entitlement.changed`);
  const heard =
    announced?.state === "done"
      ? chat.invite.entries.find(({ cause }) => cause.kind === "effect" && cause.id === announced.effectId)
      : undefined;
  return [
    ...turns.flatMap((entry) => [arrival(entry, write), transition(entry, write)]),
    ...(announced === undefined ? [] : underway(announced, write)),
    ...(heard === undefined ? [] : [arrival(heard, write)]),
  ];
}

function arrival(entry: AuditEntry, write: Write): Evidence {
  const { cause, event, address } = entry;
  const state = entry.outcome === "failed" ? "failed" : "done";
  return cause.kind === "staff" && cause.by !== undefined
    ? write("event", state, { entry }, "evidence.event.staff", {
        event: event.type,
        by: cause.by,
        reason: cause.reason ?? "?",
      })
    : write("event", state, { entry }, "evidence.event", { event: event.type, to: address });
}

/** States are names of the charts, the same in every language. */
function transition(entry: AuditEntry, write: Write): Evidence {
  const regionOf = (state: string) => state.slice(0, state.indexOf(".") + 1);
  const pairs = (entry.to ?? []).map((to) => {
    const from = (entry.from ?? []).find((state) => regionOf(state) === regionOf(to));
    return from === undefined ? `→ ${to}` : `${from} → ${to}`;
  });
  return { ...write("transition", "done", { entry }, "unknown"), text: pairs.join(", ") };
}

function telegramCalls({ invite }: ChatCase, say: Say, write: Write): readonly Evidence[] {
  return invite.calls
    .filter(({ name }) => CALLS[name] !== undefined)
    .slice(0, LATEST_CALLS)
    .reverse()
    .map((call) => {
      const words = say(sentence(CALLS[call.name] ?? "unknown"));
      const result = invite.entries.find(({ cause }) => cause.kind === "effect" && cause.id === call.effectId);
      if (call.state === "waiting") {
        const vars = { call: words, error: call.error ?? "", attempts: call.attempts ?? 0 };
        return call.error === null
          ? write("telegram", "waiting", call, "evidence.call.waiting", vars)
          : write("telegram", "waiting", call, "evidence.call.retrying", vars);
      }
      const error = call.state === "failed" ? (call.error ?? "?") : errorOf(result);
      const at = { entry: result ?? call.entry };
      return error === null
        ? write("telegram", "done", at, "evidence.call.done", { call: words, result: resultOf(result) })
        : write("telegram", "failed", at, "evidence.call.failed", { call: words, error });
    });
}

function errorOf(result: AuditEntry | undefined): string | null {
  if (result === undefined || !result.event.type.startsWith("xstate.error.actor.")) return null;
  const { code } = (result.event.error ?? {}) as { readonly code?: unknown };
  return typeof code === "string" ? code : "?";
}

/** A code of ours, never the link that was made: whoever has it could use it. */
function resultOf(result: AuditEntry | undefined): string {
  const output = (result?.event.output ?? {}) as { readonly result?: unknown; readonly membership?: unknown };
  const code = output.result ?? output.membership;
  return typeof code === "string" ? code : "ok";
}

/** The newest message about the way in. */
function messages({ invite }: ChatCase, write: Write): readonly Evidence[] {
  const call = invite.calls.find(({ name }) => /^notifyCustomer (?:invite|member|link)\./.test(name));
  if (call === undefined) return [];
  const vars = { notice: call.name.slice("notifyCustomer ".length), error: call.error ?? "?" };
  return [write("telegram", call.state, call, `evidence.message.${call.state}`, vars)];
}

function membership({ invite }: ChatCase, { entitled }: Right, write: Write): Evidence {
  const seen = lastSighting(invite.entries);
  return seen === null
    ? write("membership", entitled ? "missing" : "done", { address: invite.address }, "evidence.membership.missing")
    : write("membership", "done", seen, "evidence.membership", { membership: seen.membership });
}
