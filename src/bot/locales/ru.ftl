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
command-connect = Подключение продукта
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
button-connect = Подключить продукт
button-connect-on = Продолжить подключение
button-product = Подключение
button-later = Позже
button-keep = Оставить как есть
button-check = Проверить
button-copy-robot = Скопировать адрес
button-token-help = Где взять токен
button-continue = Продолжить
button-start-over = Начать сначала
button-open-sheet = Открыть таблицу
button-open-sheet-numbered = Открыть таблицу { $n }
button-add-sheet = Подключить ещё таблицу
button-new-token = Заменить токен
button-new-token-numbered = Заменить токен таблицы { $n }

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
cannot-sell = Этот тариф сейчас нельзя купить. Деньги не списаны. Попробуйте позже, выберите другой тариф или напишите нам.
not-open = Мы открываемся постепенно, и ваша очередь ещё не подошла. Загляните, пожалуйста, позже: /plans
sales-paused = Продажи приостановлены: канал сейчас недоступен. Деньги не списаны. Мы уже разбираемся, попробуйте через час.
paid-title = <b>Оплата получена</b>
paid-facts = { $price }, доступ до { $until }. Платёж <code>{ $charge }</code>
paid-facts-lifetime = { $price }, доступ навсегда. Платёж <code>{ $charge }</code>
paid-join = Осталось вступить в канал.
paid-preparing = Приглашение готовим, пришлём в течение 10 минут. Платить ещё раз не нужно.
paid-inside = Вы уже в канале «{ $channel }». Больше делать ничего не нужно.
joined = <b>Вы в канале «{ $channel }»</b>
joined-until = Доступ до { $until }. Больше делать ничего не нужно.
joined-connect = Дальше — подключение продукта: три шага, две минуты.
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
refusal-ownedForLife = Доступ у вас уже навсегда. Платить не нужно.
refusal-notOpen = Мы открываемся постепенно, и ваша очередь ещё не подошла. Деньги не списаны, загляните позже.
refusal-salesPaused = Продажи приостановлены: канал сейчас недоступен. Деньги не списаны, попробуйте через час.
refusal-unavailable = Сервис сейчас не отвечает. Деньги не списаны, попробуйте через минуту.

## Моя подписка

list-title = <b>Ваши подписки</b>
list-line = { $channel } — { $state }
list-state-none = нет подписки
list-state-checkout = ждёт оплаты
list-state-trialing = бесплатный доступ
list-state-renewing = активна, продлевается сама
list-state-unrenewed = активна, продление не прошло
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
status-unrenewed = <b>{ $channel }</b>

    Подписка активна до { $until }. Продление не прошло: Telegram не смог списать { $price }, не хватило звёзд. Пополните их, и продление пройдёт само.
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
status-lifetime-outside = <b>{ $channel }</b>

    Доступ навсегда.
status-slack = <b>{ $channel }</b>

    Ждём оплату от Telegram, канал открыт. Делать ничего не нужно.
status-slack-unrenewed = <b>{ $channel }</b>

    Продление не оплачено: не хватило звёзд. Канал открыт до { $until }. Пополните их, и оплата пройдёт сама.
status-slack-outside = <b>{ $channel }</b>

    Ждём оплату от Telegram, канал открыт.
status-banned = Администратор канала удалил вас, поэтому приглашение не поможет. Мы уже разбираемся и напишем.
status-reserve = Сейчас показатели приходят из резервного источника. Они полные и свежие, делать ничего не нужно: мы вернёмся на основной сами.
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
renewal-needless = Доступ к <b>{ $channel }</b> у вас навсегда, поэтому продление отключено: Telegram больше ничего за него не спишет.
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
remind-unrenewed = Подписка на «{ $channel }» закончится через { $left }, { $until }: Telegram не смог списать { $price } за продление. Пополните звёзды, и продление пройдёт само.
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
link-misused-joined = По вашей ссылке вошёл посторонний. Мы его удаляем. Не пересылайте её, пожалуйста.
link-misused-joined-replaced = По вашей ссылке вошёл посторонний. Мы его удаляем, а для вас выпустили новую. Не пересылайте её, пожалуйста.
link-misused-replaced = По вашей ссылке пытались войти. Мы никого не пустили и выпустили для вас новую.
member-left = Вы вышли из канала. Подписка действует до { $until } — вернуться можно в любой момент.
member-left-lifetime = Вы вышли из канала. Доступ у вас навсегда — вернуться можно в любой момент.
declined = Это приглашение выдано другому человеку. Своё — по команде /start.

## Подключение продукта

connect-title = <b>Подключение продукта</b>
connect-step-1 = Шаг 1 из 3 ●○○
connect-step-2 = Шаг 2 из 3 ●●○
connect-step-3 = Шаг 3 из 3 ●●●
connect-ask-email = Пришлите почту Google — на неё откроем таблицу. Например, anna@gmail.com
connect-ask-sheet = Пришлите ссылку на таблицу Google или её spreadsheet_id.
connect-ask-sheet-shared = Откройте доступ редактора для <code>{ $robot }</code> и пришлите ссылку на таблицу или её spreadsheet_id.
connect-ask-token = Пришлите токен WB API: «только чтение», категории «Контент», «Аналитика», «Цены», «Статистика» и «Продвижение». Сообщение с токеном сразу удалим.
connect-ask-token-again = Пришлите новый токен WB API для этой таблицы: «только чтение», категории те же. Сообщение с токеном сразу удалим.
connect-promise = Подключим до { $until }, если ответить на вопросы сейчас.
connect-known-email = ✓ Почта: { $email }
connect-known-sheet = ✓ Таблица: { $sheet }
connect-later = Ответы сохранили. Вернуться к подключению — /connect
connect-none = Подключать пока нечего: сначала нужна подписка, в которую входит продукт.
connect-list = Что подключаем?
connect-quiet = Больше не напоминаем о подключении. Ответы сохранили, вернуться — /connect
connect-paused = Подключение на паузе: доступ закончился. Ответы сохранили, после оплаты продолжим с того же места.
connect-preparing = Готовим подключение, это секунды. Нажмите «Продолжить».
connect-stopped = Мы остановились на шаге { $n } из 3.

connect-text-1 = Здесь нужен текст: адрес почты. Картинку прочитать не сможем.
connect-text-2 = Здесь нужен текст: ссылка на таблицу. Картинку прочитать не сможем.
connect-text-3 = Здесь нужен текст: токен. Картинку прочитать не сможем.
connect-no-answer-needed = Сейчас отвечать ничего не нужно.
connect-email-wrong = Не похоже на почту: «{ $text }». Нужен адрес вида anna@gmail.com.
connect-email-hidden = В адресе «{ $text }» есть невидимые символы. Наберите его вручную, например anna@gmail.com.
connect-sheet-empty = Сообщение пустое. Нужна ссылка вида https://docs.google.com/spreadsheets/d/…
connect-sheet-tooLong = Сообщение слишком длинное. Нужна одна ссылка вида https://docs.google.com/spreadsheets/d/…
connect-sheet-hiddenCharacters = В «{ $text }» есть невидимые символы. Скопируйте ссылку ещё раз, она вида https://docs.google.com/spreadsheets/d/…
connect-sheet-notRecognised = Не похоже на таблицу: «{ $text }». Нужна ссылка вида https://docs.google.com/spreadsheets/d/… или spreadsheet_id из неё.
connect-sheet-several = Здесь несколько таблиц. Пришлите одну ссылку вида https://docs.google.com/spreadsheets/d/…
connect-sheet-otherHost = Это не таблица Google: «{ $text }». Нужна ссылка вида https://docs.google.com/spreadsheets/d/…
connect-sheet-publishedLink = Это ссылка для читателей («Опубликовать в интернете»). Нужна ссылка на саму таблицу, вида https://docs.google.com/spreadsheets/d/…
connect-sheet-folder = Это папка. Откройте в ней таблицу и пришлите ссылку вида https://docs.google.com/spreadsheets/d/…
connect-sheet-document = Это не таблица, а другой документ: «{ $text }». Нужна ссылка вида https://docs.google.com/spreadsheets/d/…
connect-sheet-missingId = В ссылке «{ $text }» нет самой таблицы. Откройте её и пришлите ссылку вида https://docs.google.com/spreadsheets/d/…
connect-sheet-badId = В ссылке «{ $text }» неверный spreadsheet_id. Скопируйте её ещё раз, она вида https://docs.google.com/spreadsheets/d/…
connect-sheet-closed = Таблица есть, но доступа нет. Откройте его и нажмите «Проверить».
connect-sheet-closed-shared = Таблица есть, но доступа нет. Откройте доступ редактора для <code>{ $robot }</code> и нажмите «Проверить».
connect-sheet-unknown = Такой таблицы нет, или она удалена. Проверьте ссылку и пришлите её ещё раз.
connect-sheet-taken = Эта таблица подключена у другого клиента. Пришлите другую — или напишите нам: /support
connect-sheet-connected = Эта таблица уже подключена. Пришлите другую.

connect-token-malformed = Это не похоже на токен WB API: он длинный, из трёх частей с точками, начинается с eyJ.
connect-token-expired = Wildberries не примет этот токен: он истёк или истекает в ближайшие сутки.
connect-token-sandbox = Это тестовый токен, с ним данных не будет.
connect-token-wrong-service = Этот токен выпущен для другого сервиса.
connect-token-personal-token = Это персональный токен: Wildberries запрещает передавать его облачным сервисам. Нужен базовый.
connect-token-scopes = В токене не хватает категорий: { $scopes }.
connect-token-refused = Wildberries не принял токен.
connect-token-not-active = Wildberries принял токен, но не включил его. Выпустите новый и пришлите сюда.
connect-token-lost = Токен больше не хранится: прошло слишком много времени. Пришлите его ещё раз.
connect-token-deleted = Сообщение с ним уже удалено.
connect-token-left = Удалить ваше сообщение не получилось. Удалите его сами: нажмите и держите → «Удалить».
connect-token-issue-new = Выпустите новый и пришлите сюда.
connect-token-early = Похоже, это токен. Сообщение мы удалили, токен не сохраняли: он понадобится на шаге 3.
connect-token-early-left = Похоже, это токен. Мы его не сохраняли, но удалить сообщение не получилось. Удалите его сами: нажмите и держите → «Удалить».
connect-token-help = <b>Где взять токен</b>

    Личный кабинет Wildberries → Настройки → «Доступ к API» → «Создать токен». Отметьте «Только на чтение» и категории «Контент», «Аналитика», «Цены и скидки», «Статистика», «Продвижение». Токен показывают один раз: скопируйте его и пришлите сюда.
connect-warning-write-access = Токен подходит, но даёт право на запись. Надёжнее заменить его на «только чтение»: кнопка «Заменить токен» после подключения.
connect-warning-expires-soon = Токен подходит, но скоро истечёт. Напомним заранее.
connect-warning-basic-token = Токен подходит, но это базовый токен: у Wildberries для него строгие ограничения, часть отчётов придёт позже.
scope-content = «Контент»
scope-analytics = «Аналитика»
scope-prices = «Цены и скидки»
scope-statistics = «Статистика»
scope-promotion = «Продвижение»
token-unasked = Похоже, это токен. Сообщение мы удалили и нигде не сохранили. Токен нужен только при подключении: /connect
token-unasked-left = Похоже, это токен. Мы его не сохранили, но удалить сообщение не получилось. Удалите его сами: нажмите и держите → «Удалить».

connect-token-taken = Токен принят, сообщение с ним удалено.
connect-token-taken-left = Токен принят, но удалить ваше сообщение не получилось. Удалите его сами: нажмите и держите → «Удалить».
connect-mark-done = ✓ { $what }
connect-mark-runs = … { $what }
connect-mark-waits = · { $what }
connect-step-registering = Регистрация
connect-step-adding = Токен
connect-step-verifying = Доступ к Wildberries
connect-step-loading = Первая загрузка
connect-nothing-to-do = Делать ничего не нужно, напишем, когда всё будет готово.
connect-delayed = Сервис сейчас не отвечает. Ответы и токен сохранены, проверим сами и напишем в течение часа. Делать ничего не нужно.
connect-attention = Подключить автоматически не получилось. Разбираемся и напишем. Ответы сохранены, платить ещё раз не нужно.
connect-waiting = <b>Продукт подключён, ждём данные</b>

    Wildberries ещё не отдал ни одной строки. Проверяем каждый час и напишем. Делать ничего не нужно.
connect-ready = <b>Готово</b>
connect-ready-by = Первые данные будут в таблице до { $time }. Если что-то пойдёт не так, напишем.
connect-ready-soon = Данные уже поступают. Если что-то пойдёт не так, напишем.
token-expiring = Токен Wildberries для таблицы { $sheet } истечёт через { $left }, { $until }. Выпустите новый, чтобы данные не прервались.
token-expired = Токен Wildberries для таблицы { $sheet } истёк { $until }. Данные больше не обновляются: нужен новый.

## Возврат и подарки

refunded = Вернули { $price } за платёж <code>{ $charge }</code>.
refunded-closed = Доступ закрыт. Будем рады видеть вас снова.
refunded-kept = Доступ остаётся. Делать ничего не нужно.
reversed = Платёж { $price } (<code>{ $charge }</code>) отозван через магазин приложений или банк.
reversed-closed = Оплаченное им время закончилось, доступ закрыт. Если вы об этом не просили, напишите нам.
reversed-kept = Оплаченное им время снято; доступ, оплаченный иначе, остаётся. Если вы об этом не просили, напишите нам.
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

    /start — на главную
    /plans — тарифы
    /buy — оформить подписку
    /status — ваша подписка и вход в канал
    /connect — подключение продукта
    /paysupport — платежи и возврат
    /support — написать нам
    /terms — условия
    /privacy — какие данные мы храним
    /language — язык
    /cancel — выйти из текущего шага
terms = <b>Условия</b>

    Вы покупаете доступ к закрытому каналу на указанный срок. Оплату тарифа с продлением Telegram списывает сам, пока вы не отключите продление. После отключения доступ остаётся до конца оплаченного срока.

    Приглашение выдаётся только вам: пересылать его нельзя.

    Деньги возвращаем по просьбе через /paysupport. За возвращённый текущий срок доступ закрывается.
privacy = <b>Какие данные мы храним</b>

    Номер и имя вашего аккаунта Telegram, язык, подписки, платежи и переписку с поддержкой. Карт и банковских данных у нас нет.

    Если вы подключаете продукт — ещё почту и адрес таблицы. Токен Wildberries храним зашифрованным, пока не передадим продукту, и сразу удаляем.

    По вашей просьбе удалим всё, кроме записей о платежах: их храним без имени.
forget-confirm = Удалить ваши данные? Продление будет отключено. Записи о платежах останутся без имени.
forget-asked = Просьбу приняли. Сотрудник проверит её и всё удалит. Делать ничего не нужно.
forgotten = Ваши данные удалены. Записи о платежах остались без имени. Продление, если было включено, отключаем. Начать заново: /start

## Для сотрудников

staff-field = { $name }: <code>{ $value }</code>
staff-ticket-opened = <b>Новое обращение</b>
staff-ticket-message = <b>Новое сообщение в обращении</b>
staff-channel-degraded = <b>У бота не хватает прав в канале</b>
staff-channel-lost = <b>Канал потерян</b>
staff-channel-recovered = <b>Канал снова доступен</b>
staff-removals-held = <b>Удаления из канала остановлены</b>
staff-onboarding-late = <b>Подключение не уложилось в обещанный срок</b>
staff-risk-raised = <b>Подозрительный покупатель</b>
command-desk-who = Кто это: id, @username или платёж
command-desk-why = Почему есть доступ или нет
command-desk-tickets = Обращения, которые ждут
command-desk-extend = Добавить дни: id продукт дни причина
command-desk-grant = Дать время тарифа: id тариф дни причина
command-desk-revoke = Закрыть доступ: id продукт причина
command-desk-reinstate = Вернуть доступ: id продукт причина
command-desk-block = Заблокировать покупателя: id причина
command-desk-unblock = Снять блокировку: id причина
command-desk-refund = Вернуть деньги: платёж policy|revoke|keep причина
command-desk-release = Продолжить удаления: канал число причина
command-desk-help = Что здесь можно
toast-desk-unlisted = Вас нет в списке сотрудников.
toast-desk-stale = Это сообщение устарело.
toast-desk-not-yours = Подтверждает тот, кто это начал.
button-desk-answer = Ответить
button-desk-show = Показать
button-desk-who = Кто это
button-desk-close = Закрыть
button-desk-open = Открыть
button-desk-send = Отправить
button-desk-cancel = Отмена
button-desk-confirm = Подтвердить
button-desk-approve = Одобрить
button-desk-refuse = Отклонить
desk-unlisted = Вы в чате сотрудников, но не в списке. Добавить вас в STAFF_MEMBERS может тот, кто ведёт сервис.
desk-help =
    <b>Чат сотрудников</b>
    /who, /why — id, @username или платёж
    /tickets — обращения, которые ждут
    /extend, /grant, /revoke, /reinstate, /block, /unblock, /refund, /release — сначала покажем, сделаем после подтверждения
    Ответ на сообщение об обращении — это ответ клиенту.
desk-usage = Ожидается: <code>{ $usage } причина</code>, причина от 5 знаков.
desk-nobody = Никого не нашли: <code>{ $sought }</code>
desk-several = Подходит несколько человек, уточните: <code>{ $sought }</code>
desk-who = <b>{ $name }</b> { $username } <code>{ $id }</code>
desk-who-facts = Язык { $language }, состояния: { $states }
desk-who-actor = <code>{ $address }</code> { $states }
desk-who-payment = <code>{ $charge }</code> { $amount } { $currency }, { $state }
desk-why-none = Объяснять нечего: у <code>{ $sought }</code> нет ни подписки, ни чата.
desk-why-open = <b>{ $title }</b>: доступ открыт
desk-why-closed = <b>{ $title }</b>: доступ закрыт
desk-why-summary = { $text }
desk-why-fact = Правило: { $text }
desk-why-done = ✓ { $text }
desk-why-waiting = … { $text }
desk-why-failed = ✗ { $text }
desk-why-missing = — { $text }
desk-why-advice = Что поможет: { $text }
desk-tickets = <b>Обращения, которые ждут</b>: { $shown } из { $count }, дольше ждущие выше
desk-tickets-none = Ни одно обращение не ждёт.
desk-ticket-line = { $number }. { $subject }, { $who }, ждёт { $waits } <code>{ $id }</code>
desk-ticket-empty = В этом обращении никто ничего не писал.
desk-ticket-nobody = У этого обращения нет клиента.
desk-ticket-closed = Закрыл(а) { $by }: <code>{ $id }</code>
desk-said-customer = <b>Клиент:</b> { $text }
desk-said-staff = <b>Мы:</b> { $text }
desk-answer-how = Ответьте на это сообщение: перед отправкой клиенту покажем текст.
desk-answer-unusable = Ответ — это текст не длиннее { $max } знаков. Ничего не отправлено.
desk-answer-confirm =
    <b>Отправить клиенту?</b>
    { $text }
desk-answer-sent =
    <b>Отправил(а) { $by }</b>
    { $text }
desk-cancelled = Отменено, ничего не сделано.
desk-plan =
    <b>{ $event }</b> <code>{ $address }</code>
    Предпросмотр: пока ничего не изменилось.
desk-plan-states =
    Сейчас: { $before }
    Станет: { $after }
desk-plan-told = Клиент прочтёт: { $text }
desk-plan-final = Отменить будет нельзя.
desk-plan-approval = Нужно одобрение второго сотрудника.
desk-plan-nothing = В этом состоянии ничего не произойдёт.
desk-done-applied = Сделал(а) { $by }: { $event } <code>{ $address }</code>
desk-done-ignored = В этом состоянии не нужно ({ $by }): { $event } <code>{ $address }</code>
desk-done-duplicate = Уже сделано ({ $by }): { $event } <code>{ $address }</code>
desk-done-noActor = Такого актора нет ({ $by }): { $event } <code>{ $address }</code>
desk-held = Запросил(а) { $by }, ждёт второго сотрудника: { $event } <code>{ $address }</code>
desk-approval =
    <b>Нужен второй сотрудник</b>
    { $title } <code>{ $address }</code>
    Запросил(а) { $by }: { $reason }
desk-approved = Одобрил(а) { $by }, сделано: { $title }
desk-refused = Отказ: <code>{ $code }</code> { $fields }
desk-turned-down = Отклонил(а) { $by }: { $title }
desk-refused-actor-staleRevision = С тех пор всё изменилось. Ничего не сделано, повторите команду.
desk-refused-actor-planChanged = Теперь произошло бы другое. Ничего не сделано, повторите команду.
desk-refused-actor-noActor = Такого актора нет.
desk-refused-role = Нужна роль { $role }. Попросите того, у кого она есть.
desk-refused-command-numberDiffers = Число уже другое: посмотрите ещё раз.
desk-refused-approval-own = Свой запрос одобрить нельзя.
desk-refused-approval-decided = Об этом уже решили.
desk-refused-approval-expired = Поздно: прошло 24 часа, или состояние изменилось. Запросите заново.
desk-refused-approval-notFound = Такого запроса больше нет.
desk-tickets-next = Следующие: /tickets { $page }
desk-tickets-no-page = Страницы { $page } нет, ждут всего { $count }: /tickets
desk-tickets-bound = По порядку — { $ordered } из { $count }: остальные в консоли.
desk-more = … и ещё { $n }
desk-why-left = … Не показано шагов: { $n }. Вся цепочка в консоли.
desk-why-chats-left = Ещё чатов: { $n }, они в консоли.
desk-plan-effects = <b>Выполнится:</b>
desk-plan-timers = <b>Таймеры:</b>
desk-plan-follows = <b>Затем:</b>
desk-plan-untold = Клиенту ничего не сообщим.
desk-timer-set = • поставим <code>{ $id }</code>: { $at }
desk-timer-cancelled = • снимем <code>{ $id }</code>
desk-follow = • <code>{ $address }</code> { $event } → { $to }
desk-follow-same = • <code>{ $address }</code> { $event }, состояние то же
desk-effect = • <code>{ $name }</code>
desk-effect-broadcast = • всем, у кого есть чат <code>{ $chat }</code>: { $event }
desk-effect-notifyStaff = • сообщение сотрудникам: { $notice }
desk-effect-recordLedger = • запись в книге платежей
desk-effect-declineJoinRequest = • отклоним заявку на вступление
desk-effect-revokeInviteLink = • отзовём ссылку-приглашение
desk-effect-dropSecret = • удалим сохранённый секрет
desk-effect-erasePerson = • удалим данные человека
desk-effect-stopOldRenewal = • остановим прежнее автопродление
desk-effect-createInvite = • сделаем вход в чат
desk-effect-approveJoinRequest = • примем заявку на вступление
desk-effect-removeMember = • удалим из чата
desk-effect-checkMembership = • проверим, в чате ли человек
desk-effect-refundCharge = • вернём деньги
desk-effect-editStarSubscription = • изменим автопродление в Telegram
desk-none-payment = Такого платежа нет: <code>{ $sought }</code>
desk-none-channel = Такого канала нет: <code>{ $sought }</code>
desk-none-customer = Такого клиента нет: <code>{ $sought }</code>
desk-none-subscription = У <code>{ $sought }</code> нет такой подписки: <code>{ $address }</code>
desk-none-product = Такого продукта нет: <code>{ $sought }</code>
desk-none-plan = Такого тарифа в продаже нет: <code>{ $sought }</code>
