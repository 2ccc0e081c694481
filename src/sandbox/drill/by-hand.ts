/** At the real Telegram no program can pay for people: what they do, and what to look at. */
export const BY_HAND = `At the real Telegram nobody can pay for others. By hand, in Telegram's test environment, where Stars cost nothing
(https://core.telegram.org/bots/features#testing-your-bot), or with the team's own accounts, refunding afterwards:

  1. A bot of the test environment, a private channel with the bot as its administrator, and TELEGRAM_API_ROOT as
     docs/configuration.md says. rollout: { stage: team, team: [your ids] }.
  2. Payments, 20 to 30, from at least three accounts: /plans, a plan, Pay, the link, in. Note when you paid and when
     you were in; aim: 60 s for 95 of 100. One of them by a friend with a forwarded invoice: it has to be refused.
  3. Grants and revocations, 5 to 10, in the console: Grant, join, Revoke. The person must be out within a minute.
  4. Refund every payment in the console. Access goes, the Stars come back.
  5. Then in /metrics: tg_pre_checkout_timeouts_total 0, tg_double_activation_total 0, tg_wrongful_removals_total 0,
     and in tg_paid_to_access_seconds nothing above le="60". In the console: no drift, nothing in quarantine,
     no failed effects, the ledger equal to @BotFather's balance.
`;
