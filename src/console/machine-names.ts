import type { ActorLine } from "../support/answers/actors.ts";
import { words } from "./words.ts";

export type MachineName = ActorLine["machine"];

/** In the order in which people think of them: the person, what they have, what they paid. */
export const MACHINES: readonly MachineName[] = [
  "customer",
  "subscription",
  "invite",
  "onboarding",
  "order",
  "payment",
  "channel",
  "ticket",
  "dataset",
];

export const MACHINE_NAMES = words({
  en: {
    customer: "Customers",
    subscription: "Subscriptions",
    invite: "Invites",
    onboarding: "Onboarding",
    order: "Orders",
    payment: "Payments",
    channel: "Channels",
    ticket: "Tickets",
    dataset: "Data sources",
  },
  ru: {
    customer: "Клиенты",
    subscription: "Подписки",
    invite: "Приглашения",
    onboarding: "Подключения",
    order: "Заказы",
    payment: "Платежи",
    channel: "Каналы",
    ticket: "Обращения",
    dataset: "Источники данных",
  },
});
