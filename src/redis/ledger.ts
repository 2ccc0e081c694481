import { z } from "zod";
import type { Ledger } from "../effects/ports.ts";
import type { LedgerPages } from "../sweeps/books.ts";
import type { RedisClient } from "./connect.ts";
import { asUnreachable } from "./failures.ts";
import type { Keys } from "./keys.ts";
import type { Scripts } from "./scripts.ts";

const Row = z.object({
  row: z.string(),
  entry: z.enum(["charge", "refund", "chargeback"]),
  chargeId: z.string(),
  userId: z.int(),
  orderId: z.string().nullable(),
  currency: z.string(),
  amountMinor: z.int(),
  at: z.int(),
});

const PAGE = 500;

/** The books: append-only, one row per charge, refund and chargeback, once for ever. */
export function makeRedisLedger(client: RedisClient, scripts: Scripts, keys: Keys): Ledger & LedgerPages {
  return {
    async append(row) {
      const scriptKeys = [keys.ledgerRows(), keys.ledgerSeen(), keys.ledgerSums()];
      const args = [row.row, row.entry, row.currency, row.amountMinor, JSON.stringify(row)];
      return (await asUnreachable(() => scripts.appendLedger(scriptKeys, args))) === 1;
    },

    async sums() {
      const all = await asUnreachable(() => client.hgetall(keys.ledgerSums()));
      return Object.keys(all)
        .filter((field) => !field.endsWith(":rows"))
        .sort()
        .map((field) => {
          const [currency = "", entry = ""] = field.split(":");
          return { currency, entry, amountMinor: Number(all[field]), rows: Number(all[`${field}:rows`] ?? 0) };
        });
    },

    async after(place, limit) {
      const from = place === null ? "-" : `(${place}`;
      const page = await asUnreachable(() => client.xrange(keys.ledgerRows(), from, "+", "COUNT", limit));
      return page.map(([id, [, body]]) => ({ place: id, row: Row.parse(JSON.parse(body ?? "")) }));
    },

    async *rows() {
      let from = "-";
      for (;;) {
        const page = await asUnreachable(() => client.xrange(keys.ledgerRows(), from, "+", "COUNT", PAGE));
        for (const [, [, body]] of page) yield Row.parse(JSON.parse(body ?? ""));
        const last = page.at(-1);
        if (page.length < PAGE || !last) return;
        from = `(${last[0]}`;
      }
    },
  };
}
