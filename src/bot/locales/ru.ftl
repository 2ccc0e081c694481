# Тексты бота. Переменные уже экранированы; даты приходят готовой разметкой. Оба файла держат одни и те же id, переменные и теги.

## Длительности: винительный падеж, «через 3 дня», «ещё 2 часа»

length-days = { $n ->
    [one] { $n } день
    [few] { $n } дня
   *[other] { $n } дней
}
length-hours = { $n ->
    [one] { $n } час
    [few] { $n } часа
   *[other] { $n } часов
}
length-minutes = { $n ->
    [one] { $n } минуту
    [few] { $n } минуты
   *[other] { $n } минут
}
length-seconds = { $n ->
    [one] { $n } секунду
    [few] { $n } секунды
   *[other] { $n } секунд
}
every-days = { $n ->
    [1] каждый день
    [one] каждый { $n } день
    [few] каждые { $n } дня
   *[other] каждые { $n } дней
}
every-hours = { $n ->
    [1] каждый час
    [one] каждый { $n } час
    [few] каждые { $n } часа
   *[other] каждые { $n } часов
}
every-minutes = { $n ->
    [1] каждую минуту
    [one] каждую { $n } минуту
    [few] каждые { $n } минуты
   *[other] каждые { $n } минут
}
every-seconds = { $n ->
    [1] каждую секунду
    [one] каждую { $n } секунду
    [few] каждые { $n } секунды
   *[other] каждые { $n } секунд
}
soon = ближайшее время
quote = <blockquote>{ $text }</blockquote>

## Команды

command-start = Начать
command-plans = Тарифы
command-buy = Оформить подписку
command-status = Моя подписка
command-connect = Канал и подключение
command-cancel = Выйти из текущего шага
command-language = Язык
command-help = Помощь
command-terms = Условия
command-privacy = Какие данные мы храним
command-paysupport = Вопросы об оплате и возврат
command-support = Написать в поддержку

## Кнопки

button-plans = Выбрать тариф
button-plan = { $plan } — { $price }
button-trial = { $length } бесплатно
button-trial-of = { $channel }: { $length } бесплатно
button-pay = Оплатить { $price }
button-other-plan = Другой тариф
button-back = ‹ Назад
button-home = На главную
button-start = Оформить подписку
button-terms = Условия
button-privacy = Какие данные мы храним
button-other-language = English
button-russian = Русский
button-english = English
button-language = Язык
button-help = Помощь
button-status = Моя подписка
button-join = Вступить в канал
button-join-numbered = Вступить в канал { $n }
button-open-channel = Открыть канал
button-open-channel-numbered = Открыть канал { $n }
button-invite = Получить приглашение
button-invite-again = Приглашение не работает
button-prolong = Продлить — { $price }
button-return = Вернуться — { $price }
button-cancel = Отключить продление
button-cancel-yes = Отключить
button-cancel-no = Оставить
button-cancel-again = Отключить ещё раз
button-undo = Вернуть продление
button-pause = Поставить на паузу
button-pause-yes = Поставить на паузу
button-pause-no = Не ставить
button-unpause = Не ставить на паузу
button-resume = Возобновить
button-mute = Не напоминать
button-unmute = Снова напоминать
button-topup = Как пополнить звёзды
button-support = Написать в поддержку
button-paysupport = Платежи и возврат
button-leave = Закончить
button-refund = Вернуть { $price } от { $date }
button-refund-yes = Попросить возврат
button-refund-no = Не возвращать
button-forget = Удалить мои данные
button-forget-yes = Удалить
button-forget-no = Оставить

toast-stale = Эта кнопка устарела — вот свежее меню.
toast-double = Уже делаем…

## Знакомство и тарифы

hello-name = <b>Здравствуйте, { $name }!</b>
hello-nameless = <b>Здравствуйте!</b>
hello-product = Закрытый канал «{ $channel }». Доступ по подписке, оплата звёздами Telegram.
hello-products = Закрытые каналы: { $channels }. Доступ по подписке, оплата звёздами Telegram.
plans-title = <b>Тарифы</b>
plans-product = <b>{ $channel }</b>
plans-none = Сейчас в продаже ничего нет. Загляните, пожалуйста, позже.
plan-line-renewing = { $plan } — { $price } за { $length }, продлевается сам, отключить можно в любой момент
plan-line-prepaid = { $plan } — { $price } за { $length }, сам не продлевается
plan-line-lifetime = { $plan } — { $price }, один платёж, без ограничения срока
plan-line-trial = { $length } бесплатно — один раз
trial-used = Бесплатный доступ даётся один раз, и он уже был.
trial-requested = Включаем бесплатный доступ. Приглашение придёт сюда в течение минуты, делать ничего не нужно.
trial-started = <b>Бесплатный доступ открыт</b> до { $until }. Платить не нужно, сам он не продлится.
trial-preparing = Приглашение готовим, пришлём в течение 10 минут. Делать ничего не нужно.

## Оплата

checkout-title = <b>{ $channel }, { $plan }</b>
checkout-renewing = { $price } { $every }. Отключить продление можно в любой момент.
checkout-terms = Оплачивая, вы принимаете условия: /terms
invoice-renewing = Доступ к каналу «{ $channel }» на { $length }, продлевается сам. Условия: /terms
invoice-prepaid = Доступ к каналу «{ $channel }» на { $length }, сам не продлевается. Условия: /terms
invoice-lifetime = Доступ к каналу «{ $channel }» навсегда. Условия: /terms
too-many-invoices = Слишком много счетов подряд. Оплатите один из них или подождите час.
sales-paused = Продажи приостановлены: канал сейчас недоступен. Деньги не списаны. Мы уже разбираемся, попробуйте через час.
paid-title = <b>Оплата получена</b>
paid-facts = { $price }, доступ до { $until }. Платёж <code>{ $charge }</code>
paid-facts-lifetime = { $price }, доступ навсегда. Платёж <code>{ $charge }</code>
paid-join = Осталось вступить в канал.
paid-preparing = Приглашение готовим, пришлём в течение 10 минут. Платить ещё раз не нужно.
paid-inside = Вы уже в канале «{ $channel }». Больше делать ничего не нужно.
joined = <b>Вы в канале «{ $channel }»</b>
joined-until = Доступ до { $until }. Больше делать ничего не нужно.
renewed = <b>Оплата получена</b>

    Продлено до { $until }. Спасибо, что вы с нами.
payment-disputed = Мы получили платёж <code>{ $charge }</code>, но зачесть его автоматически не удалось. Деньги не пропали: разбираемся и напишем вам. Платить ещё раз не нужно.

## Отказы при оплате (без разметки)

refusal-unknownOrder = Такого счёта у нас нет. Новый — по команде /start. Деньги не списаны.
refusal-otherBuyer = Этот счёт выписан другому человеку. Свой — по команде /start.
refusal-alreadyPaid = Этот счёт уже оплачен { $date }. Вторая оплата не нужна.
refusal-orderClosed = Этот счёт закрыт. Новый — по команде /start. Деньги не списаны.
refusal-priceChanged = Цена изменилась: теперь { $price }. Деньги не списаны, выберите тариф ещё раз.
refusal-notOnSale = Условия этого тарифа изменились. Деньги не списаны, выберите тариф ещё раз.
refusal-wrongAmount = Сумма не совпала со счётом. Деньги не списаны, выберите тариф ещё раз.
refusal-blocked = Мы не можем принять эту оплату. Деньги не списаны. Вопросы — по команде /paysupport.
refusal-revoked = Доступ закрыт, эту оплату принять нельзя. Деньги не списаны. Вопросы — по команде /paysupport.
refusal-alreadySubscribed = Подписка уже есть и продлевается сама. Вторая оплата не нужна.
refusal-salesPaused = Продажи приостановлены: канал сейчас недоступен. Деньги не списаны, попробуйте через час.
refusal-unavailable = Сервис сейчас не отвечает. Деньги не списаны, попробуйте через минуту.

## Моя подписка

list-title = <b>Ваши подписки</b>
list-line = { $channel } — { $state }
list-state-none = нет подписки
list-state-checkout = ждёт оплаты
list-state-trialing = бесплатный доступ
list-state-renewing = активна, продлевается сама
list-state-ending = активна, продление отключено
list-state-pausing = активна, потом пауза
list-state-prepaid = активна
list-state-lifetime = навсегда
list-state-slack = ждём оплату
list-state-grace = не оплачена, канал ещё открыт
list-state-hold = не оплачена, канал закрыт
list-state-paused = на паузе
list-state-expired = закончилась
list-state-refunded = деньги возвращены
list-state-revoked = доступ закрыт

status-none = Подписки на канал «{ $channel }» пока нет.
status-checkout = Счёт за канал «{ $channel }» ждёт оплаты. Если передумали, делать ничего не нужно.
status-trialing = <b>{ $channel }</b>

    Бесплатный доступ до { $until }. Сам он не продлится, списаний не будет.
status-renewing = <b>{ $channel }</b>

    Подписка активна до { $until }. Следующее списание: { $price }, { $charge }.
status-ending = <b>{ $channel }</b>

    Подписка активна до { $until }. Продление отключено.
status-stop-failed = <b>{ $channel }</b>

    Подписка активна до { $until }. Продление отключить пока не получилось: Telegram ещё может списать { $price }. Мы уже разбираемся.
status-pausing = <b>{ $channel }</b>

    Подписка активна до { $until }, потом пауза.
status-prepaid = <b>{ $channel }</b>

    Подписка активна до { $until }. Сама она не продлится.
status-lifetime = <b>{ $channel }</b>

    Доступ навсегда. Делать ничего не нужно.
status-slack = <b>{ $channel }</b>

    Ждём оплату от Telegram, канал открыт. Делать ничего не нужно.
status-grace = Оплата за новый срок не прошла: не хватило звёзд. Канал «{ $channel }» открыт ещё { $left }, до { $until }.
status-grace-prepaid = Оплаченное время закончилось. Канал «{ $channel }» открыт ещё { $left }, до { $until }.
status-hold = <b>Доступ к каналу «{ $channel }» закрыт</b>

    Оплата не пришла. Оплатите — и сразу вернём доступ, настройки сохранены.
status-paused = <b>{ $channel }</b>

    Подписка на паузе до { $until }. Вернуться можно раньше: понадобится только оплата.
status-paused-credit = <b>{ $channel }</b>

    Подписка на паузе до { $until }. Неиспользованное время сохранено, вернуться можно без оплаты.
status-expired = <b>Подписка на «{ $channel }» закончилась</b>

    Вернуться можно в любой момент.
status-refunded = Деньги за «{ $channel }» возвращены, доступ закрыт. Будем рады видеть вас снова.
status-revoked = <b>Доступ к «{ $channel }» закрыт</b>

    Причина: { $reason }. Если это ошибка, напишите нам: /paysupport
access-blocked = <b>Доступ к «{ $channel }» закрыт</b>

    Продление, если оно было включено, отключаем. Вопросы о доступе и деньгах: /paysupport
reason-unnamed = нарушение условий
blocked = <b>Доступ закрыт</b>

    Мы не можем продать вам подписку. Если это ошибка, напишите нам: /paysupport
welcome-back-name = <b>С возвращением, { $name }!</b>
welcome-back-nameless = <b>С возвращением!</b>
welcome-back = Подписка на «{ $channel }» закончилась. Чтобы вернуться, понадобится только оплата.

## Продление и пауза

cancel-confirm = Отключить продление? Доступ останется до { $until }.
canceled = Продление отключено, доступ до { $until }.
undone = Продление снова разрешено, доступ до { $until }.

    Включите его в Telegram: Настройки → Мои звёзды → Подписки → эта подписка → «Возобновить».
renewal-enabled = Продление включено. Следующее списание: { $price }, { $charge }.
stop-failed = Отключить продление пока не получилось: Telegram ещё может списать оплату. Мы уже разбираемся.

    Отключить его можно и самостоятельно: Настройки → Мои звёзды → Подписки → эта подписка → «Отменить».
pause-confirm = Поставить на паузу? Доступ останется до { $until }, потом канал закроется не больше чем на { $length }. Списаний в это время не будет.
muted = Больше не напоминаем. О деньгах и доступе всё равно напишем.
unmuted = Снова будем напоминать. Делать ничего не нужно.
topup = Пополнить звёзды можно в Telegram: Настройки → Мои звёзды → «Купить звёзды». Когда их хватит, оплата пройдёт сама.

## Напоминания

remind-renewing = Через { $left }, { $charge }, Telegram спишет { $price } за следующий срок.
remind-ending = Подписка на «{ $channel }» закончится через { $left }, { $until }. Продлить?
remind-trial = Бесплатный доступ закончится через { $left }, { $until }. Хотите остаться?
remind-checkout = Счёт за канал «{ $channel }» ещё не оплачен. Оплатить?
renewal-failed = Telegram не смог списать { $price }: не хватило звёзд. Пополните их, и продление пройдёт само.
win-back = Скучаем без вас в канале «{ $channel }». Вернуться можно одной кнопкой.

## Вход в канал

invite-ready = Приглашение в канал «{ $channel }» готово. Оно только для вас.
invite-delayed-unknown = Приглашение готовим, пришлём в течение 10 минут. Платить ещё раз не нужно.
invite-delayed-tooManyChats = Telegram не пускает вас в канал: у вас слишком много каналов и групп. Выйдите из какой-нибудь и попросите новое приглашение.
invite-delayed-bannedByOther = Администратор канала закрыл вам вход. Мы уже разбираемся и напишем.
invite-limit = Приглашений на сегодня больше нет. Новое можно попросить после { $until }.
link-misused = По вашей ссылке пытались войти. Мы никого не пустили. Не пересылайте её, пожалуйста.
link-misused-replaced = По вашей ссылке пытались войти. Мы никого не пустили и выпустили для вас новую.
member-left = Вы вышли из канала. Подписка действует до { $until } — вернуться можно в любой момент.
member-left-lifetime = Вы вышли из канала. Доступ у вас навсегда — вернуться можно в любой момент.
declined = Это приглашение выдано другому человеку. Своё — по команде /start.

## Возврат и подарки

refunded = Вернули { $price } за платёж <code>{ $charge }</code>.
refunded-closed = Доступ закрыт. Будем рады видеть вас снова.
refunded-kept = Доступ остаётся. Делать ничего не нужно.
refund-refused = По условиям этот платёж не возвращается. Если не согласны, напишите нам.
refund-refused-late = По условиям деньги возвращаются в течение { $length } после оплаты. Это время прошло. Если не согласны, напишите нам.
refund-failed = Вернуть деньги пока не получилось. Мы уже занимаемся этим и напишем. Делать ничего не нужно.
extended-credit = Добавили вам { $length }: это время сохранится до конца паузы. Делать ничего не нужно.
extended = Добавили вам времени: доступ до { $until }.

## Поддержка и платежи

paysupport = <b>Вопросы об оплате</b>
paysupport-none = Платежей от вас ещё не было.
paysupport-how = Напишите нам, если что-то не так. Ответим здесь, в этом чате.
payment-line = { $date }, { $price } — { $state }
    <code>{ $charge }</code>
payment-state-received = проверяем
payment-state-applied = зачтён
payment-state-quarantined = разбираемся
payment-state-refunding = возвращаем
payment-state-refunded = возвращён
payment-state-chargedBack = отозван банком
refund-confirm = Вернуть { $price }, оплаченные { $date }? Платёж <code>{ $charge }</code>

    Если это платёж за текущий срок, доступ закроется сразу.
refund-asked = Просьба о возврате принята. Ответим здесь, делать ничего не нужно.
support = Напишите одним или несколькими сообщениями, что случилось. Ответим здесь.
support-open = Ваше обращение открыто. Если хотите что-то добавить, напишите: ответим здесь.
support-taken = Передали. Ответим здесь. Можно дописать ещё.
support-needs-text = Здесь нужен текст. Картинку и файл прочитать не сможем — опишите словами.
support-answer = <b>Ответ поддержки</b>
support-answer-lost = Текст ответа уже удалён. Спросите ещё раз, если он нужен.
support-reply = Ответить можно прямо здесь.
left-step = Вышли из текущего шага. Подписка не изменилась.
unknown-command = Такой команды нет.
hint-buttons = Здесь нужна кнопка. Написать нам — /support

## Справка

language = Выберите язык.
help = <b>Помощь</b>

    /plans — тарифы
    /buy — оформить подписку
    /status — ваша подписка и вход в канал
    /paysupport — платежи и возврат
    /support — написать нам
    /terms — условия
    /privacy — какие данные мы храним
    /language — язык
terms = <b>Условия</b>

    Вы покупаете доступ к закрытому каналу на указанный срок. Оплату тарифа с продлением Telegram списывает сам, пока вы не отключите продление. После отключения доступ остаётся до конца оплаченного срока.

    Приглашение выдаётся только вам: пересылать его нельзя.

    Деньги возвращаем по просьбе через /paysupport. За возвращённый текущий срок доступ закрывается.
privacy = <b>Какие данные мы храним</b>

    Номер и имя вашего аккаунта Telegram, язык, подписки, платежи и переписку с поддержкой. Карт и банковских данных у нас нет.

    По вашей просьбе удалим всё, кроме записей о платежах: их храним без имени.
forget-confirm = Удалить ваши данные? Продление будет отключено. Записи о платежах останутся без имени.
forget-asked = Просьбу приняли. Сотрудник проверит её и всё удалит. Делать ничего не нужно.

## Для сотрудников

staff-field = { $name }: <code>{ $value }</code>
staff-ticket-opened = <b>Новое обращение</b>
staff-ticket-message = <b>Новое сообщение в обращении</b>
staff-channel-degraded = <b>У бота не хватает прав в канале</b>
staff-channel-lost = <b>Канал потерян</b>
staff-channel-recovered = <b>Канал снова доступен</b>
staff-removals-held = <b>Удаления из канала остановлены</b>
staff-risk-raised = <b>Подозрительный покупатель</b>
