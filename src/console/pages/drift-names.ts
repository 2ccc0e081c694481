import { words } from "../words.ts";

/** What reconciliation finds, in a few words. */
export const DRIFT_NAMES = words({
  en: {
    paidNoActor: "Paid, and we had not heard of it",
    paidNoAccess: "Paid, and no way in",
    accessNoRight: "Inside without a right",
    refundedStillIn: "Refunded, still inside",
    chargedBack: "Charged back",
    doubleCharge: "Charged twice",
    unknownMember: "Unknown members",
    notInBooks: "Not in Telegram’s books",
  },
  ru: {
    paidNoActor: "Оплачено, а мы не знали",
    paidNoAccess: "Оплачено, а входа нет",
    accessNoRight: "В чате без права",
    refundedStillIn: "Деньги вернули, а человек в чате",
    chargedBack: "Платёж отозван",
    doubleCharge: "Списано дважды",
    unknownMember: "Неизвестные участники",
    notInBooks: "Нет в учёте Telegram",
  },
});
