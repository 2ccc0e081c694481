# Texts of the bot. Variables are escaped already; dates come as ready markup. Both files hold the same ids, variables and tags.

## Lengths of time

length-days = { $n ->
    [one] { $n } day
   *[other] { $n } days
}
length-hours = { $n ->
    [one] { $n } hour
   *[other] { $n } hours
}
length-minutes = { $n ->
    [one] { $n } minute
   *[other] { $n } minutes
}
length-seconds = { $n ->
    [one] { $n } second
   *[other] { $n } seconds
}
every-days = { $n ->
    [1] every day
   *[other] every { $n } days
}
every-hours = { $n ->
    [1] every hour
   *[other] every { $n } hours
}
every-minutes = { $n ->
    [1] every minute
   *[other] every { $n } minutes
}
every-seconds = { $n ->
    [1] every second
   *[other] every { $n } seconds
}
soon = a moment from now
quote = <blockquote>{ $text }</blockquote>

## Commands

command-start = Start
command-plans = Plans
command-buy = Subscribe
command-status = My subscription
command-connect = Connect the product
command-cancel = Leave the current step
command-language = Language
command-help = Help
command-terms = Terms
command-privacy = What data we keep
command-paysupport = Payments and refunds
command-support = Write to support

## Buttons

button-plans = Choose a plan
button-plan = { $plan } — { $price }
button-trial = { $length } free
button-trial-of = { $channel }: { $length } free
button-pay = Pay { $price }
button-other-plan = Another plan
button-back = ‹ Back
button-home = Main menu
button-start = Subscribe
button-terms = Terms
button-privacy = What data we keep
button-other-language = Русский
button-russian = Русский
button-english = English
button-language = Language
button-help = Help
button-status = My subscription
button-join = Join the channel
button-join-numbered = Join channel { $n }
button-open-channel = Open the channel
button-open-channel-numbered = Open channel { $n }
button-invite = Get an invitation
button-invite-again = The invitation does not work
button-prolong = Renew — { $price }
button-return = Come back — { $price }
button-cancel = Switch renewal off
button-cancel-yes = Switch off
button-cancel-no = Keep
button-cancel-again = Switch off again
button-undo = Turn renewal back on
button-pause = Pause
button-pause-yes = Pause
button-pause-no = Don't pause
button-unpause = Don't pause
button-resume = Resume
button-mute = Don't remind me
button-unmute = Remind me again
button-topup = How to top up Stars
button-support = Write to support
button-paysupport = Payments and refunds
button-leave = Finish
button-refund = Refund { $price } paid on { $date }
button-refund-yes = Ask for a refund
button-refund-no = Don't refund
button-forget = Delete my data
button-forget-yes = Delete
button-forget-no = Keep
button-connect = Connect the product
button-connect-on = Go on connecting
button-product = Connection
button-later = Later
button-keep = Keep as it is
button-check = Check
button-copy-robot = Copy the address
button-token-help = Where to get it
button-continue = Continue
button-start-over = Start over
button-open-sheet = Open the sheet
button-open-sheet-numbered = Open sheet { $n }
button-add-sheet = Connect another sheet
button-new-token = Replace the token
button-new-token-numbered = Replace the token of sheet { $n }

toast-stale = That button is out of date, here is the current menu.
toast-double = Already on it…

## Hello and plans

hello-name = <b>Hello, { $name }!</b>
hello-nameless = <b>Hello!</b>
hello-product = The private channel “{ $channel }”. Access by subscription, paid in Telegram Stars.
hello-products = Private channels: { $channels }. Access by subscription, paid in Telegram Stars.
plans-title = <b>Plans</b>
plans-product = <b>{ $channel }</b>
plans-none = Nothing is on sale right now. Please come back later.
plan-line-renewing = { $plan } — { $price } for { $length }, renews by itself, switch off any time
plan-line-prepaid = { $plan } — { $price } for { $length }, does not renew by itself
plan-line-lifetime = { $plan } — { $price }, one payment, no end date
plan-line-trial = { $length } free — once
trial-used = Free access is given once, and you have already had it.
trial-requested = Opening your free access. The invitation will come here within a minute, there is nothing to do.
trial-started = <b>Free access is open</b> until { $until }. There is nothing to pay, it does not renew by itself.
trial-preparing = Your invitation is being prepared and will come within 10 minutes. Nothing to do.

## Paying

checkout-title = <b>{ $channel }, { $plan }</b>
checkout-renewing = { $price } { $every }. Renewal can be switched off any time.
checkout-terms = By paying you accept the terms: /terms
invoice-renewing = Access to the channel “{ $channel }” for { $length }, renews by itself. Terms: /terms
invoice-prepaid = Access to the channel “{ $channel }” for { $length }, does not renew by itself. Terms: /terms
invoice-lifetime = Access to the channel “{ $channel }” for life. Terms: /terms
too-many-invoices = You have made many invoices in a row. Pay one of them, or wait an hour.
cannot-sell = This plan can't be sold right now. Nothing was charged. Try later, choose another plan, or write to us.
not-open = We are opening step by step, and your turn has not come yet. Please look in again later: /plans
sales-paused = Sales are paused: the channel is not available now. Nothing was charged. We are looking into it, try again in an hour.
paid-title = <b>Payment received</b>
paid-facts = { $price }, access until { $until }. Payment <code>{ $charge }</code>
paid-facts-lifetime = { $price }, access for life. Payment <code>{ $charge }</code>
paid-join = Now join the channel.
paid-preparing = Your invitation is being prepared and will come within 10 minutes. No need to pay again.
paid-inside = You are in “{ $channel }” already. Nothing else to do.
joined = <b>You are in “{ $channel }”</b>
joined-until = Access until { $until }. Nothing else to do.
joined-connect = Next: connect the product, three steps, two minutes.
renewed = <b>Payment received</b>

    Renewed until { $until }. Thank you for staying.
payment-disputed = We received payment <code>{ $charge }</code>, but could not apply it automatically. The money is not lost: we are looking into it and will write to you. No need to pay again.

## Refused checkouts (no markup)

refusal-unknownOrder = We have no such invoice. Get a new one with /start. Nothing was charged.
refusal-otherBuyer = This invoice belongs to someone else. Get yours with /start.
refusal-alreadyPaid = This invoice was already paid on { $date }. No second payment is needed.
refusal-orderClosed = This invoice is closed. Get a new one with /start. Nothing was charged.
refusal-priceChanged = The price has changed to { $price }. Nothing was charged, please choose the plan again.
refusal-notOnSale = This plan has changed. Nothing was charged, please choose the plan again.
refusal-wrongAmount = The amount does not match the invoice. Nothing was charged, please choose the plan again.
refusal-blocked = We can't take this payment. Nothing was charged. Questions: /paysupport.
refusal-revoked = Access is closed, this payment can't be taken. Nothing was charged. Questions: /paysupport.
refusal-alreadySubscribed = You have a subscription that renews by itself. No second payment is needed.
refusal-ownedForLife = Your access is for life already. No payment is needed.
refusal-notOpen = We are opening step by step, and your turn has not come yet. Nothing was charged, please look in again later.
refusal-salesPaused = Sales are paused: the channel is not available now. Nothing was charged, try again in an hour.
refusal-unavailable = The service is not answering now. Nothing was charged, try again in a minute.

## My subscription

list-title = <b>Your subscriptions</b>
list-line = { $channel } — { $state }
list-state-none = no subscription
list-state-checkout = waiting for payment
list-state-trialing = free access
list-state-renewing = active, renews by itself
list-state-unrenewed = active, the renewal was not paid
list-state-ending = active, renewal is off
list-state-pausing = active, then paused
list-state-prepaid = active
list-state-lifetime = for life
list-state-slack = waiting for the payment
list-state-grace = not paid, the channel is still open
list-state-hold = not paid, the channel is closed
list-state-paused = paused
list-state-expired = ended
list-state-refunded = refunded
list-state-revoked = access closed

status-none = You have no subscription to “{ $channel }” yet.
status-checkout = The invoice for “{ $channel }” is waiting for payment. If you have changed your mind, there is nothing to do.
status-trialing = <b>{ $channel }</b>

    Free access until { $until }. It does not renew and charges nothing.
status-renewing = <b>{ $channel }</b>

    The subscription is active until { $until }. Next charge: { $price }, { $charge }.
status-unrenewed = <b>{ $channel }</b>

    The subscription is active until { $until }. The renewal was not paid: Telegram could not charge { $price }, not enough Stars. Top them up, and the renewal will go through by itself.
status-ending = <b>{ $channel }</b>

    The subscription is active until { $until }. Renewal is off.
status-stop-failed = <b>{ $channel }</b>

    The subscription is active until { $until }. Renewal could not be switched off yet: Telegram may still charge { $price }. We are looking into it.
status-pausing = <b>{ $channel }</b>

    The subscription is active until { $until }, then paused.
status-prepaid = <b>{ $channel }</b>

    The subscription is active until { $until }. It does not renew by itself.
status-lifetime = <b>{ $channel }</b>

    Access for life. Nothing to do.
status-lifetime-outside = <b>{ $channel }</b>

    Access for life.
status-slack = <b>{ $channel }</b>

    Waiting for the payment from Telegram, the channel is open. Nothing to do.
status-slack-unrenewed = <b>{ $channel }</b>

    The renewal was not paid: not enough Stars. The channel is open until { $until }. Top them up, and the renewal will go through by itself.
status-slack-outside = <b>{ $channel }</b>

    Waiting for the payment from Telegram, the channel is open.
status-banned = An administrator of the channel has removed you, so an invitation can't help. We are looking into it and will write.
status-reserve = Your figures come from the reserve source just now. They are complete and up to date, and there is nothing to do: we will switch back by ourselves.
status-grace = The renewal was not paid: not enough Stars. The channel “{ $channel }” stays open { $left } more, until { $until }.
status-grace-prepaid = Your paid time is over. The channel “{ $channel }” stays open { $left } more, until { $until }.
status-hold = <b>The channel “{ $channel }” is closed</b>

    The payment did not come. Pay, and you are back at once: your settings are kept.
status-paused = <b>{ $channel }</b>

    The subscription is paused until { $until }. You can come back earlier: only the payment is needed.
status-paused-credit = <b>{ $channel }</b>

    The subscription is paused until { $until }. Unused time is kept, you can come back without paying.
status-expired = <b>Your subscription to “{ $channel }” has ended</b>

    You can come back any time.
status-refunded = The money for “{ $channel }” has been refunded, access is closed. We would be glad to see you again.
status-revoked = <b>Access to “{ $channel }” is closed</b>

    Reason: { $reason }. If this is a mistake, write to us: /paysupport
access-blocked = <b>Access to “{ $channel }” is closed</b>

    Renewal, if it was on, is being switched off. Questions about access and money: /paysupport
reason-unnamed = breach of the terms
blocked = <b>Access closed</b>

    We can't sell you a subscription. If this is a mistake, write to us: /paysupport
welcome-back-name = <b>Welcome back, { $name }!</b>
welcome-back-nameless = <b>Welcome back!</b>
welcome-back = Your subscription to “{ $channel }” has ended. Only the payment is needed to come back.

## Renewal and pause

cancel-confirm = Switch renewal off? Access stays until { $until }.
canceled = Renewal is off, access until { $until }.
renewal-needless = Your access to <b>{ $channel }</b> is for life, so renewal is off: Telegram will charge nothing more for it.
undone = Renewal is allowed again, access until { $until }.

    Turn it on in Telegram: Settings → My Stars → Subscriptions → this subscription → “Renew”.
renewal-enabled = Renewal is on. Next charge: { $price }, { $charge }.
stop-failed = Renewal could not be switched off yet: Telegram may still charge you. We are looking into it.

    You can switch it off yourself as well: Settings → My Stars → Subscriptions → this subscription → “Cancel”.
pause-confirm = Pause? Access stays until { $until }, then the channel closes for { $length } at most. Nothing is charged in that time.
muted = No more reminders. We will still write about your money and access.
unmuted = We will remind you again. Nothing to do.
topup = Stars are topped up in Telegram: Settings → My Stars → “Buy Stars”. As soon as there are enough, the payment will go through by itself.

## Reminders

remind-renewing = In { $left }, on { $charge }, Telegram will charge { $price } for the next term.
remind-ending = Your subscription to “{ $channel }” ends in { $left }, on { $until }. Renew?
remind-unrenewed = Your subscription to “{ $channel }” ends in { $left }, on { $until }: Telegram could not charge { $price } for the renewal. Top up Stars, and it will go through by itself.
remind-trial = Your free access ends in { $left }, on { $until }. Would you like to stay?
remind-checkout = The invoice for “{ $channel }” has not been paid yet. Pay now?
renewal-failed = Telegram could not charge { $price }: not enough Stars. Top them up, and the renewal will go through by itself.
win-back = We miss you in “{ $channel }”. One button and you are back.

## Coming into the channel

invite-ready = Your invitation to “{ $channel }” is ready. It is for you alone.
invite-delayed-unknown = Your invitation is being prepared and will come within 10 minutes. No need to pay again.
invite-delayed-tooManyChats = Telegram does not let you in: you are in too many channels and groups. Leave one, then ask for a new invitation.
invite-delayed-bannedByOther = An administrator has banned you from the channel. We are looking into it and will write.
invite-limit = No more invitations today. You can ask for the next one after { $until }.
link-misused = Someone tried your link. We let nobody in. Please don't share it.
link-misused-joined = Someone came in by your link. We are removing them. Please don't share it.
link-misused-joined-replaced = Someone came in by your link. We are removing them, and made you a new link. Please don't share it.
link-misused-replaced = Someone tried your link. We let nobody in and made you a new one.
member-left = You left the channel. Your subscription runs until { $until }, come back any time.
member-left-lifetime = You left the channel. Your access is for life, come back any time.
declined = This invitation belongs to someone else. Get yours with /start.

## Connecting the product

connect-title = <b>Connect the product</b>
connect-step-1 = Step 1 of 3 ●○○
connect-step-2 = Step 2 of 3 ●●○
connect-step-3 = Step 3 of 3 ●●●
connect-ask-email = Send the Google e-mail that should open the sheet. For example anna@gmail.com
connect-ask-sheet = Send the link of a Google sheet or its spreadsheet_id.
connect-ask-sheet-shared = Give editor access to <code>{ $robot }</code>, then send the sheet’s link or its spreadsheet_id.
connect-ask-token = Send the WB API token: read-only, categories Content, Analytics, Prices, Statistics and Promotion. We delete your message at once.
connect-ask-token-again = Send a new WB API token for this sheet: read-only, the same categories. We delete your message at once.
connect-promise = Connected by { $until } if you answer now.
connect-known-email = ✓ E-mail: { $email }
connect-known-sheet = ✓ Sheet: { $sheet }
connect-later = Your answers are kept. Come back with /connect
connect-none = There is nothing to connect yet: a subscription that includes the product comes first.
connect-list = What shall we connect?
connect-quiet = No more reminders about connecting. Your answers are kept; come back with /connect
connect-paused = Connecting is paused: your access has ended. Your answers are kept, and we go on from here after a payment.
connect-preparing = The connection is being prepared, it takes seconds. Press Continue.
connect-stopped = We stopped at step { $n } of 3.

connect-text-1 = Text is needed here: an e-mail address. We can’t read a picture.
connect-text-2 = Text is needed here: the sheet’s link. We can’t read a picture.
connect-text-3 = Text is needed here: the token. We can’t read a picture.
connect-no-answer-needed = Nothing to answer just now.
connect-email-wrong = “{ $text }” does not look like an e-mail. It should be like anna@gmail.com.
connect-email-hidden = The address “{ $text }” holds invisible characters. Please type it by hand, for example anna@gmail.com.
connect-sheet-empty = The message is empty. A link like https://docs.google.com/spreadsheets/d/… is needed.
connect-sheet-tooLong = The message is too long. One link like https://docs.google.com/spreadsheets/d/… is needed.
connect-sheet-hiddenCharacters = “{ $text }” holds invisible characters. Please copy the link again, it looks like https://docs.google.com/spreadsheets/d/…
connect-sheet-notRecognised = “{ $text }” does not look like a sheet. A link like https://docs.google.com/spreadsheets/d/… or the spreadsheet_id in it is needed.
connect-sheet-several = There are several sheets here. Please send one link like https://docs.google.com/spreadsheets/d/…
connect-sheet-otherHost = “{ $text }” is not a Google sheet. A link like https://docs.google.com/spreadsheets/d/… is needed.
connect-sheet-publishedLink = This link is for readers (“Publish to web”). The sheet’s own link is needed, like https://docs.google.com/spreadsheets/d/…
connect-sheet-folder = This is a folder. Open the sheet in it and send a link like https://docs.google.com/spreadsheets/d/…
connect-sheet-document = “{ $text }” is another document, not a sheet. A link like https://docs.google.com/spreadsheets/d/… is needed.
connect-sheet-missingId = The link “{ $text }” does not name a sheet. Open it and send a link like https://docs.google.com/spreadsheets/d/…
connect-sheet-badId = The spreadsheet_id in “{ $text }” is wrong. Please copy the link again, it looks like https://docs.google.com/spreadsheets/d/…
connect-sheet-closed = The sheet exists but is closed to us. Give access and press Check.
connect-sheet-closed-shared = The sheet exists but is closed to us. Give editor access to <code>{ $robot }</code> and press Check.
connect-sheet-unknown = There is no such sheet, or it was deleted. Check the link and send it again.
connect-sheet-taken = Another customer has connected this sheet. Send another one, or write to us: /support
connect-sheet-connected = This sheet is connected already. Send another one.

connect-token-malformed = This does not look like a WB API token: it is long, has three parts with dots and begins with eyJ.
connect-token-expired = Wildberries will not take this token: it has expired, or will within a day.
connect-token-sandbox = This is a test token, it brings no data.
connect-token-wrong-service = This token was issued for another service.
connect-token-personal-token = This is a personal token: Wildberries forbids giving it to cloud services. A basic one is needed.
connect-token-scopes = The token lacks these categories: { $scopes }.
connect-token-refused = Wildberries refused the token.
connect-token-not-active = Wildberries took the token but did not switch it on. Issue a new one and send it here.
connect-token-lost = The token is kept no longer: too much time has passed. Please send it again.
connect-token-deleted = Your message with it is already deleted.
connect-token-left = We could not delete your message. Please delete it: press and hold → Delete.
connect-token-issue-new = Issue a new one and send it here.
connect-token-early = This looks like a token. We deleted the message and did not keep it: it is needed at step 3.
connect-token-early-left = This looks like a token. We did not keep it, but could not delete the message. Please delete it: press and hold → Delete.
connect-token-help = <b>Where to get the token</b>

    Wildberries seller account → Settings → API access → Create a token. Tick “Read only” and the categories Content, Analytics, Prices and discounts, Statistics, Promotion. The token is shown once: copy it and send it here.
connect-warning-write-access = The token works, but it allows writing. A read-only one is safer: press “Replace the token” once connected.
connect-warning-expires-soon = The token works, but expires soon. We will remind you in time.
connect-warning-basic-token = The token works, but it is a basic one: Wildberries limits it strictly, some reports come later.
scope-content = Content
scope-analytics = Analytics
scope-prices = Prices and discounts
scope-statistics = Statistics
scope-promotion = Promotion
token-unasked = This looks like a token. We deleted the message and kept it nowhere. A token is only needed for connecting: /connect
token-unasked-left = This looks like a token. We did not keep it, but could not delete the message. Please delete it: press and hold → Delete.

connect-token-taken = Token accepted, your message is deleted.
connect-token-taken-left = Token accepted, but we could not delete your message. Please delete it: press and hold → Delete.
connect-mark-done = ✓ { $what }
connect-mark-runs = … { $what }
connect-mark-waits = · { $what }
connect-step-registering = Registration
connect-step-adding = Token
connect-step-verifying = Access to Wildberries
connect-step-loading = First load
connect-nothing-to-do = Nothing to do: we will write when all is ready.
connect-delayed = The service is not answering now. Your answers and the token are kept; we will check and write within an hour. Nothing to do.
connect-attention = Connecting did not work by itself. We are looking into it and will write. Your answers are kept, no need to pay again.
connect-waiting = <b>The product is connected, waiting for data</b>

    Wildberries has not given a single row yet. We check every hour and will write. Nothing to do.
connect-ready = <b>Done</b>
connect-ready-by = The first data will be in the sheet by { $time }. If anything goes wrong, we will write.
connect-ready-soon = Data are arriving. If anything goes wrong, we will write.
token-expiring = The Wildberries token for the sheet { $sheet } expires in { $left }, on { $until }. Issue a new one so that the data go on.
token-expired = The Wildberries token for the sheet { $sheet } expired on { $until }. The data are no longer updated: a new one is needed.

## Refunds and gifts

refunded = Refunded { $price } for payment <code>{ $charge }</code>.
refunded-closed = Access is closed. We would be glad to see you again.
refunded-kept = Your access stays. Nothing to do.
reversed = The payment of { $price } (<code>{ $charge }</code>) was taken back through the app store or the bank.
reversed-closed = The time it paid for is over and access is closed. If you did not ask for this, write to us.
reversed-kept = The time it paid for is taken off; access that you paid for otherwise stays. If you did not ask for this, write to us.
refund-refused = Under the terms this payment is not refundable. If you disagree, write to us.
refund-refused-late = Under the terms money is refunded within { $length } of the payment. That time is over. If you disagree, write to us.
refund-failed = The refund has not gone through yet. We are on it and will write. Nothing to do.
extended-credit = We added { $length } for you: the time is kept until your pause ends. Nothing to do.
extended = We added time for you: access until { $until }.

## Support and payments

paysupport = <b>Questions about payments</b>
paysupport-none = You have not paid anything yet.
paysupport-how = Write to us if something is wrong. We will answer here, in this chat.
payment-line = { $date }, { $price } — { $state }
    <code>{ $charge }</code>
payment-state-received = being checked
payment-state-applied = accepted
payment-state-quarantined = being looked into
payment-state-refunding = being refunded
payment-state-refunded = refunded
payment-state-chargedBack = reversed by the bank
refund-confirm = Refund { $price } paid on { $date }? Payment <code>{ $charge }</code>

    If it paid for the current term, access closes at once.
refund-asked = We have your request for a refund. We will answer here, there is nothing to do.
support = Tell us what happened, in one or more messages. We will answer here.
support-open = Your request is open. If you want to add something, write: we will answer here.
support-taken = Passed on. We will answer here. You can add more.
support-needs-text = Text is needed here. We can't read pictures and files: describe it in words.
support-answer = <b>Support's answer</b>
support-answer-lost = The text of the answer has been deleted. Ask again if you need it.
support-reply = You can answer right here.
left-step = You left the current step. Your subscription has not changed.
unknown-command = There is no such command.
hint-buttons = Please use the buttons here. To write to us: /support

## Reading

language = Choose a language.
help = <b>Help</b>

    /start — main menu
    /plans — plans
    /buy — subscribe
    /status — your subscription and the way into the channel
    /connect — connect the product
    /paysupport — payments and refunds
    /support — write to us
    /terms — terms
    /privacy — what data we keep
    /language — language
    /cancel — leave the current step
terms = <b>Terms</b>

    You buy access to a private channel for the stated term. A renewing plan is charged by Telegram until you switch it off. After that access stays until the paid term ends.

    The invitation is for you alone: it must not be shared.

    Money is refunded on request through /paysupport. When the current term is refunded, access closes.
privacy = <b>What data we keep</b>

    The id and name of your Telegram account, your language, subscriptions, payments and messages to support. We have no card or bank details.

    If you connect the product: your e-mail and the address of the sheet as well. The Wildberries token is kept encrypted until the product has it, then deleted at once.

    On request we delete everything but the records of payments, which are kept without a name.
forget-confirm = Delete your data? Renewal will be switched off. Records of payments stay without a name.
forget-asked = We have your request. A person will check it and delete everything. Nothing to do.
forgotten = Your data are deleted. Records of payments stay without a name. Renewal, if it was on, is being switched off. To begin anew: /start

## For staff

staff-field = { $name }: <code>{ $value }</code>
staff-ticket-opened = <b>New request</b>
staff-ticket-message = <b>New message in a request</b>
staff-channel-degraded = <b>The bot lacks rights in a channel</b>
staff-channel-lost = <b>A channel is lost</b>
staff-channel-recovered = <b>The channel is available again</b>
staff-removals-held = <b>Removals from a channel are held</b>
staff-onboarding-late = <b>A connection is later than promised</b>
staff-risk-raised = <b>Suspicious buyer</b>
command-desk-who = Who is it: id, @username or charge
command-desk-why = Why somebody has access or not
command-desk-tickets = Requests that wait
command-desk-extend = Add days: id product days reason
command-desk-grant = Give time of a plan: id plan days reason
command-desk-revoke = End a subscription: id product reason
command-desk-reinstate = Take a revocation back: id product reason
command-desk-block = Block a buyer: id reason
command-desk-unblock = Take a block back: id reason
command-desk-refund = Refund: charge policy|revoke|keep reason
command-desk-release = Let removals go on: channel number reason
command-desk-help = What can be done here
toast-desk-unlisted = You are not in the list of staff.
toast-desk-stale = That message is out of date.
toast-desk-not-yours = Only whoever asked for this confirms it.
button-desk-answer = Answer
button-desk-show = Show
button-desk-who = Who
button-desk-close = Close
button-desk-open = Open
button-desk-send = Send
button-desk-cancel = Cancel
button-desk-confirm = Confirm
button-desk-approve = Approve
button-desk-refuse = Refuse
desk-unlisted = You are in the staff chat but not in the list of staff. Whoever runs the service adds you to STAFF_MEMBERS.
desk-help =
    <b>Staff chat</b>
    /who, /why — id, @username or charge
    /tickets — requests that wait
    /extend, /grant, /revoke, /reinstate, /block, /unblock, /refund, /release — shown first, done when you confirm
    A reply to a message about a request is the answer to it.
desk-usage = Expected: <code>{ $usage } reason</code>, the reason of 5 characters or more.
desk-nobody = Nobody found: <code>{ $sought }</code>
desk-several = Several people match, be exact: <code>{ $sought }</code>
desk-who = <b>{ $name }</b> { $username } <code>{ $id }</code>
desk-who-facts = Language { $language }, states: { $states }
desk-who-actor = <code>{ $address }</code> { $states }
desk-who-payment = <code>{ $charge }</code> { $amount } { $currency }, { $state }
desk-why-none = Nothing to explain about <code>{ $sought }</code>: no subscription and no chat.
desk-why-open = <b>{ $title }</b>: access is open
desk-why-closed = <b>{ $title }</b>: access is closed
desk-why-summary = { $text }
desk-why-fact = Rule: { $text }
desk-why-done = ✓ { $text }
desk-why-waiting = … { $text }
desk-why-failed = ✗ { $text }
desk-why-missing = — { $text }
desk-why-advice = What helps: { $text }
desk-tickets = <b>Requests that wait</b>: { $shown } of { $count }, the longest first
desk-tickets-none = No request waits.
desk-ticket-line = { $number }. { $subject }, { $who }, waits { $waits } <code>{ $id }</code>
desk-ticket-empty = Nobody wrote anything in this request.
desk-ticket-nobody = This request has no customer.
desk-ticket-closed = Closed by { $by }: <code>{ $id }</code>
desk-said-customer = <b>Customer:</b> { $text }
desk-said-staff = <b>We:</b> { $text }
desk-answer-how = Reply to this message: your text is shown back before it goes to the customer.
desk-answer-unusable = An answer is text of at most { $max } characters. Nothing was sent.
desk-answer-confirm =
    <b>Send to the customer?</b>
    { $text }
desk-answer-sent =
    <b>Sent by { $by }</b>
    { $text }
desk-cancelled = Cancelled, nothing was done.
desk-plan =
    <b>{ $event }</b> <code>{ $address }</code>
    Preview: nothing has changed yet.
desk-plan-states =
    Now: { $before }
    After: { $after }
desk-plan-told = The customer will read: { $text }
desk-plan-final = Cannot be undone.
desk-plan-approval = A second person has to approve it.
desk-plan-nothing = It would do nothing in this state.
desk-done-applied = Done by { $by }: { $event } <code>{ $address }</code>
desk-done-ignored = No use for it in this state ({ $by }): { $event } <code>{ $address }</code>
desk-done-duplicate = Was done before ({ $by }): { $event } <code>{ $address }</code>
desk-done-noActor = There is no such actor ({ $by }): { $event } <code>{ $address }</code>
desk-held = Asked for by { $by }, waits for a second person: { $event } <code>{ $address }</code>
desk-approval =
    <b>Needs a second person</b>
    { $title } <code>{ $address }</code>
    Asked for by { $by }: { $reason }
desk-approved = Approved by { $by } and done: { $title }
desk-refused = Refused: <code>{ $code }</code> { $fields }
desk-turned-down = Refused by { $by }: { $title }
desk-refused-actor-staleRevision = It has moved on since you looked. Nothing was done, ask again.
desk-refused-actor-planChanged = It would do something else by now. Nothing was done, ask again.
desk-refused-actor-noActor = There is no such actor.
desk-refused-role = This needs the role { $role }. Ask somebody who has it.
desk-refused-command-numberDiffers = The number is another one by now: look again.
desk-refused-approval-own = Nobody approves what they asked for themselves.
desk-refused-approval-decided = Somebody has decided about this already.
desk-refused-approval-expired = Too late: 24 hours have passed, or the actor moved on. Ask anew.
desk-refused-approval-notFound = There is no such approval any more.
desk-tickets-next = The next ones: /tickets { $page }
desk-tickets-no-page = There is no page { $page }, { $count } wait in all: /tickets
desk-tickets-bound = In order are { $ordered } of { $count }: the others are in the console.
desk-more = … and { $n } more
desk-why-left = … Steps not shown: { $n }. The whole chain is in the console.
desk-why-chats-left = More chats: { $n }, see the console.
desk-plan-effects = <b>Will be done:</b>
desk-plan-timers = <b>Timers:</b>
desk-plan-follows = <b>Then:</b>
desk-plan-untold = The customer is told nothing.
desk-timer-set = • set <code>{ $id }</code>: { $at }
desk-timer-cancelled = • cancelled <code>{ $id }</code>
desk-follow = • <code>{ $address }</code> { $event } → { $to }
desk-follow-same = • <code>{ $address }</code> { $event }, in the same state
desk-effect = • <code>{ $name }</code>
desk-effect-broadcast = • to everybody with the chat <code>{ $chat }</code>: { $event }
desk-effect-notifyStaff = • a message to the staff: { $notice }
desk-effect-recordLedger = • a line in the books
desk-effect-declineJoinRequest = • the join request is declined
desk-effect-revokeInviteLink = • the invite link is revoked
desk-effect-dropSecret = • a kept secret is deleted
desk-effect-erasePerson = • the data of the person are deleted
desk-effect-stopOldRenewal = • the older renewal is stopped
desk-effect-createInvite = • a way into the chat is made
desk-effect-approveJoinRequest = • the join request is approved
desk-effect-removeMember = • the person is put out of the chat
desk-effect-checkMembership = • it is checked whether the person is in the chat
desk-effect-refundCharge = • the money goes back
desk-effect-editStarSubscription = • the renewal at Telegram is changed
desk-none-payment = There is no such payment: <code>{ $sought }</code>
desk-none-channel = There is no such channel: <code>{ $sought }</code>
desk-none-customer = There is no such customer: <code>{ $sought }</code>
desk-none-subscription = <code>{ $sought }</code> has no such subscription: <code>{ $address }</code>
desk-none-product = There is no such product: <code>{ $sought }</code>
desk-none-plan = No such plan is on sale: <code>{ $sought }</code>
