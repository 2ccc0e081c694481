// What the search box found; one hit is gone to at once.

import { useEffect } from "preact/hooks";
import { useLocation } from "preact-iso";
import type { Hit } from "../../support/answers/people.ts";
import { actorPath } from "../api.ts";
import { StateChips } from "../parts/chips.tsx";
import { Loaded } from "../parts/feedback.tsx";
import { Id } from "../parts/id.tsx";
import { useResource } from "../resource.ts";
import { useTitle } from "../title.ts";
import { fill, useWords, words } from "../words.ts";

const TEXTS = words({
  en: {
    title: "Search",
    found: "Found for “{text}”",
    nothing: "Nothing is known by “{text}”.",
    hint: "The whole of a Telegram id, @username, charge id, order id or actor id is looked for, such as 7012345678, @anna or subscription/7012345678:wb-analytics.",
    telegramId: "Telegram id",
    username: "username",
    chargeId: "charge id",
    orderId: "order id",
    actorId: "actor id",
  },
  ru: {
    title: "Поиск",
    found: "Найдено по «{text}»",
    nothing: "По «{text}» ничего не известно.",
    hint: "Ищется целиком: Telegram id, @username, id платежа, заказа или актора, например 7012345678, @anna или subscription/7012345678:wb-analytics.",
    telegramId: "Telegram id",
    username: "имя пользователя",
    chargeId: "id платежа",
    orderId: "id заказа",
    actorId: "id актора",
  },
});

/** Where there is nothing to choose: one hit, or a customer with what is theirs. */
const onlyOf = (hits: readonly Hit[]): Hit | null => {
  const [first] = hits;
  if (!first) return null;
  const isOnePerson =
    first.kind === "customer" && hits.every(({ customer }) => customer?.userId === first.customer?.userId);
  return hits.length === 1 || isOnePerson ? first : null;
};

/** A customer has a page of their own; any other hit is an actor. */
const pathOf = ({ kind, address, customer }: Hit): string =>
  kind === "customer" && customer ? `/console/customers/${customer.userId}` : actorPath(address);

export function SearchPage() {
  const t = useWords(TEXTS);
  const { query, route } = useLocation();
  const text = query.q?.trim() ?? "";
  const result = useResource<{ readonly hits: readonly Hit[] }>(
    text === "" ? null : `/api/v1/search?q=${encodeURIComponent(text)}`,
  );
  const hits = result.data?.hits ?? null;
  const only = hits === null ? null : onlyOf(hits);
  useTitle(t.title);
  useEffect(() => {
    // In the place of this page: "back" must not lead here and on again.
    if (only) route(pathOf(only), true);
  }, [only, route]);
  if (text === "") return <p>{t.hint}</p>;
  return (
    <Loaded resource={result}>
      {({ hits: found }) => (
        <>
          <h1>{fill(found.length === 0 ? t.nothing : t.found, { text })}</h1>
          {found.length === 0 && <p class="quiet-text">{t.hint}</p>}
          <ul class="hits">
            {found.map((hit) => (
              <li key={hit.address} class="card row apart">
                <span class="row">
                  <a href={pathOf(hit)}>
                    <code>{hit.address}</code>
                  </a>
                  {hit.customer && (
                    <span>
                      {hit.customer.name} · <Id text={String(hit.customer.userId)} />
                      {hit.customer.username && ` · @${hit.customer.username}`}
                    </span>
                  )}
                </span>
                <span class="row">
                  <StateChips states={hit.states} />
                  <span class="quiet-text small">{hit.by in TEXTS.en ? t[hit.by as keyof typeof t] : hit.by}</span>
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </Loaded>
  );
}
