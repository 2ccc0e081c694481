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
command-connect = Channel and connection
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
sales-paused = Sales are paused: the channel is not available now. Nothing was charged. We are looking into it, try again in an hour.
paid-title = <b>Payment received</b>
paid-facts = { $price }, access until { $until }. Payment <code>{ $charge }</code>
paid-facts-lifetime = { $price }, access for life. Payment <code>{ $charge }</code>
paid-join = Now join the channel.
paid-preparing = Your invitation is being prepared and will come within 10 minutes. No need to pay again.
paid-inside = You are in “{ $channel }” already. Nothing else to do.
joined = <b>You are in “{ $channel }”</b>
joined-until = Access until { $until }. Nothing else to do.
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
refusal-salesPaused = Sales are paused: the channel is not available now. Nothing was charged, try again in an hour.
refusal-unavailable = The service is not answering now. Nothing was charged, try again in a minute.

## My subscription

list-title = <b>Your subscriptions</b>
list-line = { $channel } — { $state }
list-state-none = no subscription
list-state-checkout = waiting for payment
list-state-trialing = free access
list-state-renewing = active, renews by itself
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
status-slack = <b>{ $channel }</b>

    Waiting for the payment from Telegram, the channel is open. Nothing to do.
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
link-misused-replaced = Someone tried your link. We let nobody in and made you a new one.
member-left = You left the channel. Your subscription runs until { $until }, come back any time.
member-left-lifetime = You left the channel. Your access is for life, come back any time.
declined = This invitation belongs to someone else. Get yours with /start.

## Refunds and gifts

refunded = Refunded { $price } for payment <code>{ $charge }</code>.
refunded-closed = Access is closed. We would be glad to see you again.
refunded-kept = Your access stays. Nothing to do.
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

    /plans — plans
    /buy — subscribe
    /status — your subscription and the way into the channel
    /paysupport — payments and refunds
    /support — write to us
    /terms — terms
    /privacy — what data we keep
    /language — language
terms = <b>Terms</b>

    You buy access to a private channel for the stated term. A renewing plan is charged by Telegram until you switch it off. After that access stays until the paid term ends.

    The invitation is for you alone: it must not be shared.

    Money is refunded on request through /paysupport. When the current term is refunded, access closes.
privacy = <b>What data we keep</b>

    The id and name of your Telegram account, your language, subscriptions, payments and messages to support. We have no card or bank details.

    On request we delete everything but the records of payments, which are kept without a name.
forget-confirm = Delete your data? Renewal will be switched off. Records of payments stay without a name.
forget-asked = We have your request. A person will check it and delete everything. Nothing to do.

## For staff

staff-field = { $name }: <code>{ $value }</code>
staff-ticket-opened = <b>New request</b>
staff-ticket-message = <b>New message in a request</b>
staff-channel-degraded = <b>The bot lacks rights in a channel</b>
staff-channel-lost = <b>A channel is lost</b>
staff-channel-recovered = <b>The channel is available again</b>
staff-removals-held = <b>Removals from a channel are held</b>
staff-risk-raised = <b>Suspicious buyer</b>
