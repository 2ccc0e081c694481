// Which events a person may send to an actor, and whose name stands in them.
import { z } from "zod";
import type { MachineName } from "../../machines/address.ts";
import type { MachineDefinition } from "../../machines/definition.ts";
import { AppError } from "../errors.ts";
import type { ActorEvent } from "../runtime/ports.ts";
import { mayDo, roleMissing, type StaffMember } from "./staff.ts";

/**
 * The event as it is sent: `by` and `reason` are the authenticated person and the reason given with the command wherever its schema has
 * them, whatever the caller wrote there.
 * @throws AppError actor.notForStaff, http.forbidden
 */
export function signedEvent(
  definition: MachineDefinition,
  event: ActorEvent,
  member: StaffMember,
  reason: string | undefined,
): ActorEvent {
  const { name, staffEvents } = definition;
  const least = Object.hasOwn(staffEvents, event.type) ? staffEvents[event.type] : undefined;
  if (least === undefined) {
    const allowed = Object.entries(staffEvents).map(([type, role]) => `${type} (${role})`);
    throw new AppError("actor.notForStaff", {
      details: { fields: [`event.type: to a ${name} staff may send ${allowed.join(", ") || "nothing"}`] },
    });
  }
  if (!mayDo(member.role, least)) throw roleMissing(least, "event.type");
  const fields = fieldsOf(definition, event.type);
  return {
    ...event,
    ...(fields.has("by") ? { by: member.name } : {}),
    ...(fields.has("reason") && reason !== undefined ? { reason } : {}),
  };
}

/** Names of the fields of one public event; none for an event that the machine does not have. */
export const fieldsOf = (definition: MachineDefinition, type: string): ReadonlySet<string> =>
  new Set(Object.keys(shapeOf(definition, type)));

/** Fields of one public event besides its type; none for an event that the machine does not have. */
export function shapeOf({ event }: MachineDefinition, type: string): Readonly<Record<string, z.ZodType>> {
  const options: readonly unknown[] = event instanceof z.ZodDiscriminatedUnion ? event.options : [event];
  for (const option of options) {
    if (!(option instanceof z.ZodObject)) continue;
    const { type: literal, ...fields } = option.shape as Record<string, z.ZodType>;
    if (literal instanceof z.ZodLiteral && literal.value === type) return fields;
  }
  return {};
}

interface InBothLanguages {
  /** Markdown of one line: only `code`. */
  readonly en: string;
  readonly ru: string;
}

/** What each event does when staff send it, by machine and type; docs/admin-api.md is printed from these. */
export const STAFF_EVENT_MEANINGS: Readonly<Partial<Record<MachineName, Readonly<Record<string, InBothLanguages>>>>> = {
  customer: {
    "risk.blocked": {
      en: "nothing is sold to this person any more, and access ends while it lasts",
      ru: "этому человеку больше ничего не продаётся, доступ закрыт, пока это действует",
    },
    "risk.cleared": { en: "takes that back, and ends watching", ru: "снимает блокировку и наблюдение" },
    "erasure.requested": {
      en: "forgets the person: name, texts of tickets, chat state; switches renewals off, tells them; payments, under a pseudonym in the exported books, and the used trial stay",
      ru: "забывает человека: имя, тексты обращений, состояние чата; выключает продления и сообщает ему; остаются платежи (в выгрузках под псевдонимом) и использованный пробный период",
    },
  },
  subscription: {
    "access.revoked": {
      en: "ends it at once, whatever was paid; only `access.reinstated` leads out. Refunds nothing. The customer reads the reason",
      ru: "закрывает подписку сразу, что бы ни было оплачено; выводит отсюда только `access.reinstated`. Деньги не возвращает. Причину прочтёт клиент",
    },
    "access.reinstated": { en: "takes a revocation back", ru: "отменяет закрытие доступа" },
    "access.announced": {
      en: "tells invites and set-up once more how access stands, where they missed it, as after a forced state; changes nothing else",
      ru: "ещё раз сообщает приглашениям и настройке, открыт ли доступ, если они об этом не узнали, как после состояния, заданного вручную; больше ничего не меняет",
    },
    "term.granted": {
      en: "paid time without a payment: a gift, a compensation; `ms` null is for life. Creates the subscription if need be",
      ru: "оплаченное время без платежа: подарок, компенсация; `ms` null — навсегда. Если подписки нет, создаёт её",
    },
    "term.extended": { en: "adds to the time that runs", ru: "добавляет к идущему сроку" },
    "outage.credited": {
      en: "gives time back for an outage to who had paid or free time between `from` and `to` (epoch ms); once for each `outage`, however often it is sent. `product` null: whatever was bought",
      ru: "возвращает время за сбой тем, у кого между `from` и `to` (epoch ms) был оплаченный или пробный срок; за каждый `outage` один раз, сколько бы ни отправляли. `product` null: что бы ни было куплено",
    },
    "override.set": {
      en: "access until then (epoch ms), whatever billing says; null ends it",
      ru: "доступ до этого момента, что бы ни говорила оплата; null это прекращает",
    },
  },
  order: {
    "order.withdrawn": {
      en: "takes an offer back that was not paid yet; a payment for it is then quarantined",
      ru: "отзывает ещё не оплаченное предложение; платёж по нему тогда попадёт в карантин",
    },
  },
  payment: {
    "refund.requested": {
      en: "gives the money back. `access`: `revoke` ends it, `keep` leaves it, `policy` revokes for the current period and keeps for older ones",
      ru: "возвращает деньги. `access`: `revoke` закрывает доступ, `keep` оставляет, `policy` закрывает за текущий период и оставляет за прежние",
    },
    "payment.released": {
      en: "accepts a quarantined payment after all, for this person and these terms",
      ru: "всё же принимает платёж из карантина: за этого человека и на этих условиях",
    },
    "chargeback.seen": {
      en: "the payer's bank or shop took the money back: Telegram says so to people only",
      ru: "банк или магазин плательщика отозвал деньги: Telegram сообщает об этом только людям",
    },
  },
  invite: {
    "invite.requested": {
      en: "makes a new link for a person who is entitled and has links left today, and sends it",
      ru: "делает новую ссылку для того, у кого есть право и остались ссылки на сегодня, и отправляет её",
    },
  },
  channel: {
    "removals.released": {
      en: "lets the removals go on that the breaker holds",
      ru: "пускает дальше удаления, которые держит предохранитель",
    },
    "channel.givenUp": {
      en: "nobody will get this chat back: the clocks of its subscribers, which stood still meanwhile, run again",
      ru: "этот чат не вернуть: сроки его подписчиков, которые пока стояли, идут снова",
    },
  },
  onboarding: {
    "onboarding.retried": {
      en: "tries again at once what waits for its next round, or for people",
      ru: "сразу пробует снова то, что ждёт следующего раза или людей",
    },
  },
  ticket: {
    "ticket.closed": {
      en: "the same as `POST /api/v1/tickets/:id/close`",
      ru: "то же, что `POST /api/v1/tickets/:id/close`",
    },
  },
  dataset: {
    "dataset.pinned": {
      en: "serves this side (`side`: `upstream` or `local`) until then (`until`, epoch ms), whatever the gate says; it judges on and goes on from here afterwards",
      ru: "отдаёт эту сторону (`side`: `upstream` или `local`) до этого момента (`until`, epoch ms), что бы ни решил переключатель; он оценивает дальше и потом продолжит отсюда",
    },
    "dataset.unpinned": {
      en: "ends the pin early: all streaks begin at 0, the gate goes on from the pinned side",
      ru: "снимает закрепление раньше: все серии начинаются с 0, переключатель продолжает с этой стороны",
    },
  },
};

/** Events whose reason the customer reads, word for word. */
export const TOLD_REASONS: ReadonlySet<string> = new Set(["access.revoked"]);
