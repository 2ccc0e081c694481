// One customer: who they are, why they are where they are, what they paid, what they see, and what can be done for them.

import { useState } from "preact/hooks";
import { useLocation, useRoute } from "preact-iso";
import type { CustomerPage, Why } from "../../support/answers/people.ts";
import { eventFromAddress, eventInAddress } from "../actor/places.ts";
import { SendDialog } from "../actor/send-dialog.tsx";
import type { Outcome } from "../actor/use-command.ts";
import { byActor, COMMAND_NAMES, everydayCommands } from "../customer/commands.ts";
import { CUSTOMER_TEXTS } from "../customer/customer-texts.ts";
import { CustomerFacts, CustomerHead } from "../customer/identity.tsx";
import { ScreenBubble } from "../customer/screen-bubble.tsx";
import { SlaCard } from "../customer/sla.tsx";
import { ActorsTable, PaymentsTable, TicketsList } from "../customer/tables.tsx";
import { WhyCard } from "../customer/why.tsx";
import { useLiveReload } from "../live-reload.ts";
import { Loaded } from "../parts/feedback.tsx";
import { setServiceNow } from "../parts/time.tsx";
import { usePreference } from "../preferences.ts";
import { withQuery } from "../query.ts";
import { type Resource, useResource } from "../resource.ts";
import { useTitle } from "../title.ts";
import { fill, useWords } from "../words.ts";
import "../styles/command.css";
import "../styles/customer.css";

export function CustomerRoute() {
  const { telegramId = "" } = useRoute().params;
  const path = `/api/v1/customers/${encodeURIComponent(telegramId)}`;
  const customer = useResource<CustomerPage>(path);
  const language = usePreference("language");
  const timeZone = usePreference("time") === "utc" ? "UTC" : Intl.DateTimeFormat().resolvedOptions().timeZone;
  const why = useResource<Why>(withQuery(`${path}/why`, { lang: language, timeZone }), { keep: true });
  return (
    <Loaded resource={customer}>
      {(page) => {
        setServiceNow(page.now);
        return (
          <Customer
            key={telegramId}
            page={page}
            why={why}
            onReload={() => {
              customer.reload();
              why.reload();
            }}
          />
        );
      }}
    </Loaded>
  );
}

function Customer({
  page,
  why,
  onReload,
}: {
  readonly page: CustomerPage;
  readonly why: Resource<Why>;
  readonly onReload: () => void;
}) {
  const t = useWords(CUSTOMER_TEXTS);
  const names = useWords(COMMAND_NAMES);
  const { query, route } = useLocation();
  const [notice, setNotice] = useState("");
  const { userId, name } = page.customer;
  const home = `/console/customers/${userId}`;
  useTitle(`${name ?? t.customer} · ${userId}`);
  useLiveReload(`person=${userId}`, onReload);

  const open = (address: string, event: { readonly type: string }) =>
    route(`${home}?send=${encodeURIComponent(address)}&event=${eventInAddress(event)}`);
  const close = () => route(home, true);
  const onDone = (outcome: Outcome, event: string) => {
    if ("sent" in outcome && outcome.sent.outcome === "applied")
      setNotice(fill(t.done, { event, address: query.send ?? "" }));
    onReload();
    close();
  };

  return (
    <div class="customer-page" data-customer={userId}>
      <CustomerHead page={page} />
      <p role="status" class={notice === "" ? "visually-hidden" : "note good"}>
        {notice}
      </p>
      <div class="customer-main stack">
        <section class="stack" aria-labelledby="why">
          <h2 id="why">{t.why}</h2>
          <Loaded resource={why}>
            {({ chats }) => (
              <>
                {chats.length === 0 && <p class="quiet-text">{t.nowhere}</p>}
                {[...chats]
                  .sort((one, other) => Number(other.problem !== null) - Number(one.problem !== null))
                  .map((answer) => (
                    <WhyCard
                      key={answer.chatId}
                      answer={answer}
                      actors={page.actors}
                      onAdvice={({ address, event }) => open(address, event)}
                    />
                  ))}
              </>
            )}
          </Loaded>
        </section>
        <section class="card stack" aria-labelledby="actors">
          <h2 id="actors">{t.actors}</h2>
          <ActorsTable actors={page.actors} />
        </section>
        <section class="card stack" aria-labelledby="payments">
          <h2 id="payments">{t.payments}</h2>
          <PaymentsTable payments={page.payments} onRefund={(address) => open(address, { type: "refund.requested" })} />
        </section>
        <section class="card stack" aria-labelledby="tickets">
          <h2 id="tickets">{t.tickets}</h2>
          <TicketsList tickets={page.tickets} />
        </section>
      </div>
      <div class="customer-side stack">
        <section class="card stack" aria-labelledby="screen">
          <h2 id="screen">{t.screen}</h2>
          {page.screen === null ? <p class="quiet-text">{t.noScreen}</p> : <ScreenBubble screen={page.screen} />}
          <p class="small quiet-text">{t.screenNote}</p>
        </section>
        <section class="card stack" aria-labelledby="commands">
          <h2 id="commands">{t.commands}</h2>
          <ul class="commands">
            {byActor(everydayCommands(page)).map(([address, commands]) => (
              <li key={address}>
                <code class="small quiet-text">{address}</code>
                <span class="row">
                  {commands.map(({ name: command, event, isGrave }) => (
                    <button
                      key={event.type}
                      type="button"
                      class={isGrave ? "grave" : ""}
                      data-command={event.type}
                      onClick={() => open(address, event)}
                    >
                      {names[command]}
                    </button>
                  ))}
                </span>
              </li>
            ))}
          </ul>
        </section>
        <SlaCard sla={page.sla} />
        <CustomerFacts page={page} />
      </div>
      {query.send !== undefined && (
        <SendDialog
          key={`${query.send} ${query.event}`}
          address={query.send}
          preset={eventFromAddress(query.event)}
          freshness={page.now}
          onClose={close}
          onDone={onDone}
        />
      )}
    </div>
  );
}
