// Who somebody is, as far as the service knows.
import type { ComponentChildren } from "preact";
import type { CustomerPage } from "../../support/answers/people.ts";
import { Chip } from "../parts/chips.tsx";
import { Id } from "../parts/id.tsx";
import { Time } from "../parts/time.tsx";
import { fill, useWords } from "../words.ts";
import { CUSTOMER_TEXTS } from "./customer-texts.ts";

export function CustomerHead({ page }: { readonly page: CustomerPage }) {
  const t = useWords(CUSTOMER_TEXTS);
  const { customer, formerUsernames, risk, reachable } = page;
  return (
    <header class="row customer-head">
      <h1>{customer.name ?? t.nameless}</h1>
      <Id text={String(customer.userId)} copy />
      {customer.username && <span>@{customer.username}</span>}
      {formerUsernames.length > 0 && (
        <span class="small quiet-text">
          {t.former}: {formerUsernames.map((name) => `@${name}`).join(", ")}
        </span>
      )}
      {!reachable && <Chip text={t.unreachable} tone="bad" />}
      {risk.blocked && <Chip text={`${t.risk}: ${t.blocked}`} tone="bad" />}
    </header>
  );
}

export function CustomerFacts({ page }: { readonly page: CustomerPage }) {
  const t = useWords(CUSTOMER_TEXTS);
  const { language, reachable, consent, risk, firstSeenAt, secrets } = page;
  const facts: readonly (readonly [string, ComponentChildren])[] = [
    [t.language, language],
    ["Telegram", reachable ? t.reachable : t.unreachable],
    [
      t.consent,
      consent === null ? (
        t.noConsent
      ) : (
        <>
          {fill(t.version, { version: consent.version })}
          {consent.language !== null && `, ${consent.language}`}, <Time at={consent.at} />
        </>
      ),
    ],
    [
      t.risk,
      [
        risk.blocked ? `${t.blocked}${risk.reason === null ? "" : `: ${risk.reason}`}` : t.clear,
        ...(risk.chargebacks > 0 ? [fill(t.chargebacks, { count: risk.chargebacks })] : []),
      ].join(", "),
    ],
    [t.firstSeen, <Time key="at" at={firstSeenAt} />],
    [
      t.secrets,
      secrets.length === 0 ? (
        t.noSecrets
      ) : (
        <ul class="plain-list" key="secrets">
          {secrets.map(({ what, setAt }) => (
            <li key={what}>
              {what}: {t.setOn} <Time at={setAt} />
            </li>
          ))}
        </ul>
      ),
    ],
  ];
  return (
    <section class="card stack" aria-labelledby="customer">
      <h2 id="customer">{t.customer}</h2>
      <dl class="fact-list">
        {facts.map(([label, value]) => (
          <>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </>
        ))}
      </dl>
    </section>
  );
}
