// The books: what came in and went out, per currency.
import type { LedgerSums } from "../../support/answers/incidents.ts";
import { balances, type Sum } from "../balances.ts";
import { formatMoney } from "../money.ts";
import { Loaded } from "../parts/feedback.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { type Column, Table } from "../parts/table.tsx";
import { usePreference } from "../preferences.ts";
import { useResource } from "../resource.ts";
import { useWords, words } from "../words.ts";

const TEXTS = words({
  en: {
    title: "Ledger",
    lead: "Every charge, refund and chargeback is one line, written once.",
    download: "Download CSV",
    currency: "Currency",
    entry: "Entry",
    amount: "Amount",
    rows: "Lines",
    balance: "Balance",
    empty: "Nothing was paid yet.",
    charge: "Charges",
    refund: "Refunds",
    chargeback: "Chargebacks",
  },
  ru: {
    title: "Учёт",
    lead: "Каждый платёж, возврат и отзыв платежа — одна строка, записанная один раз.",
    download: "Скачать CSV",
    currency: "Валюта",
    entry: "Запись",
    amount: "Сумма",
    rows: "Строк",
    balance: "Остаток",
    empty: "Платежей ещё не было.",
    charge: "Платежи",
    refund: "Возвраты",
    chargeback: "Отзывы платежей",
  },
});

export function LedgerPage() {
  const t = useWords(TEXTS);
  const language = usePreference("language");
  const ledger = useResource<LedgerSums>("/api/v1/ledger");
  const names: Readonly<Record<string, string>> = t;
  const columns: readonly Column<Sum>[] = [
    { id: "entry", title: t.entry, cell: ({ entry }) => names[entry] ?? entry },
    { id: "rows", title: t.rows, number: true, cell: ({ rows }) => rows },
    {
      id: "amount",
      title: t.amount,
      number: true,
      cell: ({ amountMinor, currency }) => formatMoney(amountMinor, currency, language),
    },
  ];
  return (
    <>
      <PageHead title={t.title} twin="/ledger" lead={t.lead}>
        <a class="button small" href="/api/v1/ledger.csv" download>
          {t.download}
        </a>
      </PageHead>
      <Loaded resource={ledger}>
        {({ sums }) =>
          sums.length === 0 ? (
            <div class="card empty">{t.empty}</div>
          ) : (
            <div class="big-sums">
              {balances(sums).map((balance) => (
                <section class="card" key={balance.currency} aria-labelledby={`in-${balance.currency}`}>
                  <div>
                    <h2 id={`in-${balance.currency}`}>{balance.currency}</h2>
                    <p class="sum">{formatMoney(balance.amountMinor, balance.currency, language)}</p>
                    <p class="small quiet-text">{t.balance}</p>
                  </div>
                  <Table
                    caption={balance.currency}
                    columns={columns}
                    rows={balance.sums}
                    keyOf={({ entry }) => entry}
                    empty={t.empty}
                  />
                </section>
              ))}
            </div>
          )
        }
      </Loaded>
    </>
  );
}
