import { words } from "../words.ts";

/** What waits for a person, in a few words; the service adds which one. */
export const NEED_NAMES = words({
  en: {
    channelLost: "Channel lost",
    channelDegraded: "Channel without a right that it needs",
    breakerTripped: "Removals are held",
    paidOutside: "Paid, but outside: the way in is tried again",
    failedEffect: "Failed effects",
    quarantine: "Actors that cannot be read",
    updateSetAside: "Updates set aside",
    lateTimers: "Late timers",
    onboarding: "Onboarding needs attention",
    ticket: "Open tickets",
    approval: "Waiting for a second person",
  },
  ru: {
    channelLost: "Канал потерян",
    channelDegraded: "Каналу не хватает прав",
    breakerTripped: "Удаления остановлены",
    paidOutside: "Оплачено, но снаружи: вход пробуется снова",
    failedEffect: "Неудавшиеся действия",
    quarantine: "Акторы, которые не читаются",
    updateSetAside: "Отложенные обновления",
    lateTimers: "Опоздавшие таймеры",
    onboarding: "Подключение ждёт внимания",
    ticket: "Открытые обращения",
    approval: "Ждёт второго человека",
  },
});
