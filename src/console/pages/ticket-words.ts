import type { Tone } from "../parts/chips.tsx";
import { words } from "../words.ts";

export const TICKET_STATES = ["open", "reopened", "answered", "closed"] as const;

export const TICKET_STATE_NAMES = words({
  en: { open: "Open", reopened: "Reopened", answered: "Answered", closed: "Closed" },
  ru: { open: "Открыто", reopened: "Снова открыто", answered: "Отвечено", closed: "Закрыто" },
});

export const toneOf = (state: string | undefined): Tone =>
  state === "open" || state === "reopened" ? "warn" : state === "answered" ? "good" : "plain";

/** What a ticket is about. A subject that is not here shows its own name. */
export const SUBJECTS: Readonly<Record<"en" | "ru", Readonly<Record<string, string>>>> = {
  en: {
    question: "Question",
    payment: "Payment",
    disputedPayment: "Disputed payment",
    replayedCharge: "Charge seen twice",
    refund: "Refund",
    refundFailed: "Refund failed",
    inviteFailed: "Invite failed",
    removalFailed: "Removal failed",
    removedByOther: "Removed by somebody else",
    renewalStopFailed: "Renewal not stopped",
    channel: "Channel",
    effectFailed: "Effect given up",
    chargeback: "Chargeback",
    onboarding: "Onboarding",
    backend: "Product backend",
  },
  ru: {
    question: "Вопрос",
    payment: "Платёж",
    disputedPayment: "Спорный платёж",
    replayedCharge: "Платёж пришёл дважды",
    refund: "Возврат",
    refundFailed: "Возврат не удался",
    inviteFailed: "Приглашение не создано",
    removalFailed: "Удаление не удалось",
    removedByOther: "Удалён кем-то другим",
    renewalStopFailed: "Продление не остановлено",
    channel: "Канал",
    effectFailed: "Действие не удалось",
    chargeback: "Отзыв платежа",
    onboarding: "Подключение",
    backend: "Сервер продукта",
  },
};
