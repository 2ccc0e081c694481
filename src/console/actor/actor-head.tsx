// Who this actor is and whose, where it stands, and the two ways of moving it.
import type { ActorPage } from "../../support/answers/actors.ts";
import { actorPath } from "../api.ts";
import { Chip, StateChips } from "../parts/chips.tsx";
import { CopyButton } from "../parts/id.tsx";
import { LinkFor } from "../parts/needs-role.tsx";
import { Time } from "../parts/time.tsx";
import { leastOf, type Role } from "../roles.ts";
import { useWords, words } from "../words.ts";

const TEXTS = words({
  en: {
    copy: "Copy id",
    send: "Send event…",
    force: "Force state…",
    since: "since",
    past: "Back to live to act",
    status_active: "active",
    status_done: "finished",
    status_error: "broken",
  },
  ru: {
    copy: "Копировать id",
    send: "Отправить событие…",
    force: "Сменить принудительно…",
    since: "с",
    past: "Действовать можно в настоящем",
    status_active: "идёт",
    status_done: "завершён",
    status_error: "сломан",
  },
});

export function ActorHead({
  page,
  states,
  isPast,
}: {
  readonly page: ActorPage;
  readonly states: readonly string[];
  readonly isPast: boolean;
}) {
  const t = useWords(TEXTS);
  const { address, customer, status, since, force, events } = page;
  const home = actorPath(address);
  const least = leastOf(events.map(({ role }) => role as Role));
  return (
    <header class="stack tight">
      <div class="actor-head">
        <h1 class="mono" data-id={address}>
          {address}
        </h1>
        <CopyButton text={address} label={t.copy} />
        <span class="row actions">
          {isPast && (
            <button type="button" disabled>
              {t.past}
            </button>
          )}
          {!isPast && force.mayYou && (
            <a class="button danger-outline" href={`${home}/force`}>
              {t.force}
            </a>
          )}
          {!isPast && least !== null && (
            <LinkFor least={least} href={`${home}/send`} primary>
              {t.send}
            </LinkFor>
          )}
        </span>
      </div>
      <div class="actor-head">
        <StateChips states={states} />
        {status !== "active" && <Chip text={t[`status_${status}`]} tone={status === "error" ? "bad" : "plain"} />}
        {!isPast && since !== null && (
          <span class="small quiet-text">
            {t.since} <Time at={since} />
          </span>
        )}
        <span class="spring" />
        {customer && (
          <a href={`/console/customers/${customer.userId}`} class="customer-link">
            {customer.name ?? "—"} · <code>{customer.userId}</code>
            {customer.username && ` · @${customer.username}`}
          </a>
        )}
      </div>
    </header>
  );
}
