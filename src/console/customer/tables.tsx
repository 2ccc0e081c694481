// What belongs to a customer, a table each.
import type { ActorLine } from "../../support/answers/actors.ts";
import type { CustomerPage } from "../../support/answers/people.ts";
import { formatMoney } from "../money.ts";
import { Chip, StateChips } from "../parts/chips.tsx";
import { ActorLink, Id } from "../parts/id.tsx";
import { Time } from "../parts/time.tsx";
import { usePreference } from "../preferences.ts";
import { useWords } from "../words.ts";
import { CUSTOMER_TEXTS } from "./customer-texts.ts";

export function ActorsTable({ actors }: { readonly actors: readonly ActorLine[] }) {
  const t = useWords(CUSTOMER_TEXTS);
  return (
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">{t.actor}</th>
            <th scope="col">{t.state}</th>
            <th scope="col">{t.since}</th>
            <th scope="col">{t.timer}</th>
          </tr>
        </thead>
        <tbody>
          {actors.map(({ address, states, since, nextTimer, problem }) => (
            <tr key={address} data-address={address}>
              <td>
                <ActorLink address={address} />
              </td>
              <td>
                {problem === undefined ? (
                  <StateChips states={states} />
                ) : (
                  <Chip text={`${t.unreadable}: ${problem}`} tone="bad" />
                )}
              </td>
              <td>
                <Time at={since} isBrief />
              </td>
              <td>
                {nextTimer === null ? (
                  "—"
                ) : (
                  <>
                    <code>{nextTimer.id}</code>
                    <br />
                    <Time at={nextTimer.dueAt} isBrief />
                  </>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function PaymentsTable({
  payments,
  onRefund,
}: {
  readonly payments: CustomerPage["payments"];
  readonly onRefund: (address: string) => void;
}) {
  const t = useWords(CUSTOMER_TEXTS);
  const language = usePreference("language");
  if (payments.length === 0) return <p class="quiet-text">{t.noPayments}</p>;
  return (
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">{t.paid}</th>
            <th scope="col">{t.amount}</th>
            <th scope="col">{t.plan}</th>
            <th scope="col">{t.charge}</th>
            <th scope="col">{t.state}</th>
          </tr>
        </thead>
        <tbody>
          {payments.map(({ address, chargeId, state, at, amountMinor, currency, plan }) => (
            <tr key={address} data-address={address}>
              <td>
                <Time at={at} isBrief />
              </td>
              <td class="amount">{formatMoney(amountMinor, currency, language)}</td>
              <td>{plan ?? "—"}</td>
              <td>
                <Id text={chargeId} copy />
              </td>
              <td>
                <span class="row">
                  <ActorLink address={address} label={state} />
                  {state === "applied" && (
                    <button type="button" class="quiet" onClick={() => onRefund(address)}>
                      {t.refund}
                    </button>
                  )}
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function TicketsList({ tickets }: { readonly tickets: CustomerPage["tickets"] }) {
  const t = useWords(CUSTOMER_TEXTS);
  if (tickets.length === 0) return <p class="quiet-text">{t.noTickets}</p>;
  return (
    <ul class="tickets">
      {tickets.map(({ id, state, subject, since }) => (
        <li key={id} class="row">
          <a href={`/console/tickets/${encodeURIComponent(id)}`}>{subject ?? id}</a>
          {state !== undefined && <Chip text={state} tone={state === "closed" ? "plain" : "warn"} />}
          {since !== undefined && (
            <span class="small quiet-text">
              <Time at={since} isBrief />
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}
