import type { Language } from "../preferences.ts";
import { words } from "../words.ts";

export const FORM_TEXTS = words({
  en: {
    days: "days",
    none: "none",
    noEnd: "without an end",
    wrong: "Needs a value",
    local: "by this computer’s time",
    plan: "choose a plan",
    ownPlan: "{plan}, as it was bought",
    life: "for life",
  },
  ru: {
    days: "дней",
    none: "нет",
    noEnd: "без срока",
    wrong: "Нужно значение",
    local: "по времени этого компьютера",
    plan: "выберите тариф",
    ownPlan: "{plan}, как куплен",
    life: "навсегда",
  },
});

type Names = Readonly<Record<Language, Readonly<Record<string, string>>>>;

/** What a field of an event is called; one that is new is called by its own name. */
export const FIELD_NAMES: Names = {
  en: {
    terms: "Plan",
    ms: "Time",
    until: "Access until",
    access: "What becomes of the access",
    userId: "Telegram id",
    outage: "Name of the outage",
    product: "Product",
    from: "From",
    to: "To",
  },
  ru: {
    terms: "Тариф",
    ms: "Время",
    until: "Доступ до",
    access: "Что станет с доступом",
    userId: "Telegram id",
    outage: "Название сбоя",
    product: "Продукт",
    from: "С",
    to: "По",
  },
};

/** What the choices of a field are called, by `<field>.<choice>`. */
export const CHOICE_NAMES: Names = {
  en: {
    "access.policy": "by the rule: ends for the current period, stays for older ones",
    "access.revoke": "it ends",
    "access.keep": "it stays",
  },
  ru: {
    "access.policy": "по правилу: за текущий период закрыть, за прежние оставить",
    "access.revoke": "закрыть",
    "access.keep": "оставить",
  },
};
