// All words of "why?", in both languages. `{name}` is replaced; a moment is written in the zone of the service.
export type WhyLanguage = "en" | "ru";

export const TEXTS = {
  // What the right to be in the chat rests on.
  "right.override": { en: "Staff opened access until {until}.", ru: "Доступ открыт сотрудником до {until}." },
  "right.trialing": { en: "On trial until {until}.", ru: "Пробный период до {until}." },
  "right.active": { en: "Paid until {until}.", ru: "Оплачено до {until}." },
  "right.lifetime": { en: "Paid for life.", ru: "Оплачено навсегда." },
  "right.given": {
    en: "Given by staff ({by}: {reason}) until {until}.",
    ru: "Дано сотрудником ({by}: {reason}) до {until}.",
  },
  "right.givenForLife": {
    en: "Given by staff for life ({by}: {reason}).",
    ru: "Дано сотрудником навсегда ({by}: {reason}).",
  },
  "right.forced": {
    en: "Set by force ({by}: {reason}): access is open until {until}.",
    ru: "Состояние задано вручную ({by}: {reason}): доступ открыт до {until}.",
  },
  "right.forcedForLife": {
    en: "Set by force ({by}: {reason}): access is open without an end.",
    ru: "Состояние задано вручную ({by}: {reason}): доступ открыт без срока.",
  },
  "right.chargedBack": {
    en: "The payer had the charge reversed (chargeback), so access ended.",
    ru: "Плательщик отозвал платёж (чарджбэк), поэтому доступ закрыт.",
  },
  "right.slack": {
    en: "The renewal is awaited; access stays until {until}.",
    ru: "Ждём продления; доступ остаётся до {until}.",
  },
  "right.grace": {
    en: "The paid time is over; grace keeps access open until {until}.",
    ru: "Оплаченное время вышло; льготный доступ до {until}.",
  },
  "right.blocked": {
    en: "Blocked as a risk ({reason}): no access, whatever was paid.",
    ru: "Заблокирован за риск ({reason}): доступа нет, сколько бы ни заплатил.",
  },
  "right.hold": {
    en: "Not paid in time: on hold until {until}. A payment opens access at once.",
    ru: "Вовремя не оплачено: на удержании до {until}. Оплата сразу откроет доступ.",
  },
  "right.paused": { en: "Paused: no access until it is resumed.", ru: "На паузе: доступа нет, пока её не снимут." },
  "right.expired": { en: "The subscription ended on {at}.", ru: "Подписка закончилась {at}." },
  "right.refunded": {
    en: "The money was given back, so access ended.",
    ru: "Деньги возвращены, поэтому доступ закрыт.",
  },
  "right.revoked": { en: "Access was revoked: {reason}.", ru: "Доступ отозван: {reason}." },
  "right.checkout": { en: "A checkout is open, and not paid.", ru: "Счёт открыт, но не оплачен." },
  "right.never": { en: "Never paid for this chat.", ru: "За этот чат никогда не платил." },
  "right.held": {
    en: "Money was taken ({amount}, charge {charge}) and bought nothing: {reason}. People have to decide.",
    ru: "Деньги списаны ({amount}, платёж {charge}), но ничего не куплено: {reason}. Решают люди.",
  },
  "right.applying": {
    en: "Money was taken ({amount}, charge {charge}) at {at}; what it buys is being settled.",
    ru: "Деньги списаны ({amount}, платёж {charge}) {at}; выясняется, что на них куплено.",
  },
  "right.clockStopped": {
    en: "The clock of the subscription stands still since {at}: a chat of it cannot be managed.",
    ru: "Время подписки стоит с {at}: одним из её чатов нельзя управлять.",
  },

  // Where the person is.
  "place.inside": { en: "They are in the chat.", ru: "Человек в чате." },
  "place.outside": { en: "They are not in the chat, as it should be.", ru: "В чате человека нет, как и должно быть." },
  "place.outsideWithMoney": {
    en: "By our record they are not in the chat, and the money is not decided about.",
    ru: "По нашим записям человека в чате нет, а о деньгах ещё не решено.",
  },
  "place.notOnRecord": {
    en: "Whether they are in the chat is not on record: nobody has looked since the record begins.",
    ru: "Есть ли человек в чате, неизвестно: с начала записей никто не смотрел.",
  },
  "place.linkUnused": {
    en: "They have a link of their own since {since}, good until {until}, and have not used it.",
    ru: "Личная ссылка есть с {since}, действует до {until}, человек ею не воспользовался.",
  },
  "place.linkMaking": { en: "The link is being made.", ru: "Ссылка создаётся." },
  "place.linkRetrying": {
    en: "Telegram does not make the link: {error}, {attempts} tries so far; it is tried again by itself.",
    ru: "Telegram не создаёт ссылку: {error}, попыток: {attempts}; попытки идут сами.",
  },
  "place.linkFailing": {
    en: "The link could not be made: {error}. The next round is at {next}.",
    ru: "Ссылку создать не удалось: {error}. Следующая попытка {next}.",
  },
  "place.requestAnswering": { en: "Their join request is being answered.", ru: "На запрос о вступлении отвечаем." },
  "place.requestFailing": {
    en: "Their join request could not be approved: {error}. The next round is at {next}.",
    ru: "Запрос о вступлении одобрить не удалось: {error}. Следующая попытка {next}.",
  },
  "place.looking": {
    en: "We are looking at Telegram whether they are inside.",
    ru: "Узнаём у Telegram, в чате ли человек.",
  },
  "place.lookFailing": {
    en: "Telegram did not say whether they are inside: {error}. The next look is at {next}.",
    ru: "Telegram не ответил, в чате ли человек: {error}. Следующая попытка {next}.",
  },
  "place.beingRemoved": {
    en: "A removal was on its way when access came back; its outcome is awaited, then they get a new way in.",
    ru: "Когда доступ вернулся, уже шло удаление; дождёмся итога, потом будет новая ссылка.",
  },
  "place.left": { en: "They left the chat by themselves at {at}.", ru: "Человек сам вышел из чата {at}." },
  "place.linkExpired": {
    en: "The last link ran out unused, and they are outside.",
    ru: "Последняя ссылка истекла, ею не воспользовались; человек не в чате.",
  },
  "place.tooManyChats": {
    en: "They asked to join, but are in too many chats: they have to leave one first.",
    ru: "Человек просился в чат, но состоит в слишком многих: сначала нужно выйти из одного.",
  },
  "place.notHeard": {
    en: "The news of it has not reached the invite yet: it is on its way.",
    ru: "Приглашение об этом ещё не знает: сообщение в пути.",
  },
  "place.notHeardFailed": {
    en: "The news of it never reached the invite: its delivery was given up ({error}).",
    ru: "Приглашение об этом не узнало: доставка прекращена ({error}).",
  },
  "place.notTold": {
    en: "The invite was never told of it, and nothing is on its way.",
    ru: "Приглашению об этом не сообщали, и ничего не в пути.",
  },
  "place.insideByLuck": {
    en: "They are in the chat, though the invite has not heard of their right.",
    ru: "Человек в чате, хотя приглашение о его праве не знает.",
  },
  "place.outsideWithLink": {
    en: "They are not seen in the chat, but the invite still believes in their right, and a link of theirs works until {until}.",
    ru: "В чате человека не видно, но приглашение всё ещё считает, что право есть, и личная ссылка действует до {until}.",
  },
  "place.outsideUnheard": {
    en: "They are not seen in the chat, but the invite still believes in their right.",
    ru: "В чате человека не видно, но приглашение всё ещё считает, что право есть.",
  },
  "place.noWay": { en: "They have no link.", ru: "Ссылки у человека нет." },
  "place.banned": {
    en: "An administrator of the chat put them out. While Telegram keeps the ban, no link helps.",
    ru: "Администратор чата удалил человека. Пока бан не снят, ссылка не поможет.",
  },
  "place.channelLost": {
    en: "The bot is not in the chat since {at}: nobody can be let in or put out.",
    ru: "Бота нет в чате с {at}: никого нельзя ни впустить, ни удалить.",
  },
  "place.channelDegraded": {
    en: "The bot lacks rights in the chat since {at} ({missing}): nobody can be let in or put out.",
    ru: "Боту не хватает прав в чате с {at} ({missing}): никого нельзя ни впустить, ни удалить.",
  },
  "place.channelGivenUp": {
    en: "People gave the chat up: nobody is let in there any more.",
    ru: "От чата отказались: туда больше никого не впускают.",
  },
  "place.held": {
    en: "They are still in the chat: the breaker of mass removals holds {count}, until staff release it.",
    ru: "Человек ещё в чате: предохранитель массовых удалений держит {count}, пока его не снимут.",
  },
  "place.removalFailing": {
    en: "They are still in the chat: removing them failed ({error}). The next round is at {next}.",
    ru: "Человек ещё в чате: удалить не удалось ({error}). Следующая попытка {next}.",
  },
  "place.removing": { en: "They are being removed now.", ru: "Человека сейчас удаляют." },
  "place.staffOfChat": {
    en: "They are an administrator of the chat, and those are never removed.",
    ru: "Человек — администратор чата, а их не удаляют.",
  },
  "place.insideUnheard": {
    en: "They are still in the chat: the end of access has not reached the invite.",
    ru: "Человек ещё в чате: до приглашения не дошло, что доступ закрыт.",
  },
  "place.insideNoRight": { en: "They are in the chat without a right.", ru: "Человек в чате без права на это." },

  // What could be done.
  "advice.sendLink": { en: "Make a new link and send it to them", ru: "Создать новую ссылку и прислать её" },
  "advice.retryNow": { en: "Try again now", ru: "Повторить сейчас" },
  "advice.linkLimit": {
    en: "Their links of today are used up; the next one can be made at {at}",
    ru: "Ссылки на сегодня израсходованы; следующую можно создать {at}",
  },
  "advice.announce": {
    en: "Tell invites and set-up once more how access stands",
    ru: "Ещё раз сообщить приглашениям и настройке, открыт ли доступ",
  },
  "advice.underWay": { en: "Nothing to do: it is under way", ru: "Ничего делать не нужно: уже выполняется" },
  "advice.lookInvite": { en: "Look at the invite", ru: "Посмотреть приглашение" },
  "advice.wait": { en: "Nothing to do: it is tried again by itself", ru: "Ничего делать не нужно: попытки идут сами" },
  "advice.leaveChats": {
    en: "Ask them to leave a chat, then try again",
    ru: "Попросить выйти из какого-нибудь чата, потом повторить",
  },
  "advice.liftBan": {
    en: "Ask an administrator of the chat to lift the ban, then make a new link",
    ru: "Попросить администратора чата снять бан, потом создать новую ссылку",
  },
  "advice.giveRights": {
    en: "Give the bot back its rights in the chat: the rest happens by itself",
    ru: "Вернуть боту права в чате: остальное произойдёт само",
  },
  "advice.releaseRemovals": { en: "Let the held removals go on", ru: "Продолжить удержанные удаления" },
  "advice.clearRisk": { en: "Clear the risk, if it was a mistake", ru: "Снять блокировку, если она ошибочна" },
  "advice.reinstate": {
    en: "Take the revocation back, if it was a mistake",
    ru: "Вернуть доступ, если отозван ошибочно",
  },
  "advice.releasePayment": {
    en: "Accept the payment for what was offered",
    ru: "Принять платёж за то, что предлагалось",
  },
  "advice.releasePaymentFor": {
    en: "Accept the payment for the plan {plan}, which costs that",
    ru: "Принять платёж за тариф {plan}: он столько и стоит",
  },
  "advice.refundPayment": { en: "Give the money back", ru: "Вернуть деньги" },
  "advice.lookPayment": { en: "Look at the payment", ru: "Посмотреть платёж" },
  "advice.retryOnboarding": {
    en: "The product's set-up waits: try it again",
    ru: "Настройка продукта ждёт: повторить попытку",
  },
  "advice.demote": {
    en: "Take the administrator's rights away in Telegram, if they should go",
    ru: "Снять права администратора в Telegram, если человек должен уйти",
  },

  // The facts of the rule.
  "fact.risk.blocked": { en: "The person is blocked as a risk", ru: "Человек заблокирован за риск" },
  "fact.risk.clear": { en: "The person is not blocked as a risk", ru: "Человек не заблокирован за риск" },
  "fact.override.open": { en: "Staff opened access until {until}", ru: "Сотрудник открыл доступ до {until}" },
  "fact.override.over": {
    en: "What staff opened ended on {until}",
    ru: "Открытое сотрудником закончилось {until}",
  },
  "fact.override.none": { en: "Staff opened nothing beside billing", ru: "Сотрудники ничего не открывали" },
  "fact.billing.open": { en: "Billing is {value}, which opens access", ru: "Оплата: {value}, это открывает доступ" },
  "fact.billing.closed": {
    en: "Billing is {value}, which closes access",
    ru: "Оплата: {value}, это закрывает доступ",
  },
  "fact.billing.none": { en: "There is no subscription", ru: "Подписки нет" },

  // The evidence.
  "evidence.payment": {
    en: "{amount} charged, charge {charge}: {state}",
    ru: "Списано {amount}, платёж {charge}: {state}",
  },
  "evidence.payment.missing": { en: "No payment is known", ru: "Платежей не найдено" },
  "evidence.unheard": {
    en: "The payment was not passed on to the subscription",
    ru: "Платёж не передан подписке",
  },
  "evidence.telling": { en: "{event} on its way to {to}", ru: "{event} в пути к {to}" },
  "evidence.tellFailed": {
    en: "{event} to {to} was given up: {error}",
    ru: "{event} к {to}: доставка прекращена, {error}",
  },
  "evidence.event": { en: "{event} reached {to}", ru: "{event} получено: {to}" },
  "evidence.event.staff": { en: "{event} by {by}: {reason}", ru: "{event}, {by}: {reason}" },
  "evidence.call.done": { en: "Telegram, {call}: {result}", ru: "Telegram, {call}: {result}" },
  "evidence.call.waiting": { en: "Telegram, {call}: under way", ru: "Telegram, {call}: выполняется" },
  "evidence.call.retrying": {
    en: "Telegram, {call}: {error}, tries so far: {attempts}",
    ru: "Telegram, {call}: {error}, попыток: {attempts}",
  },
  "evidence.call.failed": { en: "Telegram, {call}: failed, {error}", ru: "Telegram, {call}: не удалось, {error}" },
  "evidence.message.done": { en: "Message {notice}: handed to Telegram", ru: "Сообщение {notice}: передано Telegram" },
  "evidence.message.waiting": { en: "Message {notice}: not sent yet", ru: "Сообщение {notice}: ещё не отправлено" },
  "evidence.message.failed": {
    en: "Message {notice}: given up, {error}",
    ru: "Сообщение {notice}: отправить не удалось, {error}",
  },
  "evidence.membership": { en: "Telegram said: {membership}", ru: "Telegram сообщил: {membership}" },
  "evidence.membership.missing": {
    en: "Telegram has not said that they are inside",
    ru: "Telegram не сообщал, что человек в чате",
  },

  "call.createInvite": { en: "make a way in", ru: "создать ссылку" },
  "call.approveJoinRequest": { en: "approve the join request", ru: "одобрить запрос" },
  "call.removeMember": { en: "put them out", ru: "удалить из чата" },
  "call.checkMembership": { en: "look whether they are inside", ru: "узнать, в чате ли" },
  unknown: { en: "unknown", ru: "неизвестно" },
} as const satisfies Readonly<Record<string, Readonly<Record<WhyLanguage, string>>>>;

export type TextId = keyof typeof TEXTS;
