// The books for people: sums, and every row as CSV.

import { Readable } from "node:stream";
import type { FastifyInstance } from "fastify";
import type { LedgerRow } from "../effects/ports.ts";
import { LedgerSums } from "../support/answers/incidents.ts";
import { csvRow, isoTime } from "./csv.ts";
import { type AdminRoutes, addRoute } from "./route.ts";
import type { StaffDoor } from "./staff-door.ts";

export interface LedgerDeps {
  readonly ledger: { rows(): AsyncIterable<LedgerRow>; sums(): Promise<readonly unknown[]> };
  /** What stands in the books for people who were erased, by Telegram id. */
  readonly pseudonyms: () => Promise<ReadonlyMap<number, string>>;
}

export const LEDGER_ROUTES = {
  sums: {
    method: "GET",
    path: "/api/v1/ledger",
    twin: "/ledger",
    role: "finance",
    does: "Sums of the books.",
    answer: LedgerSums,
    answers: "`{sums: [{currency, entry, amountMinor, rows}]}`, one for each currency and kind of entry",
  },
  csv: {
    method: "GET",
    path: "/api/v1/ledger.csv",
    role: "finance",
    does: "The books, one line for each charge, refund and chargeback, oldest first.",
    answer: { mediaType: "text/csv" },
    answers:
      "CSV: `at` (ISO 8601), `entry`, `currency`, `amount_minor` (whole Stars for XTR), `charge_id`, `user_id`, `order_id`",
  },
} as const satisfies AdminRoutes;

const HEAD = "at,entry,currency,amount_minor,charge_id,user_id,order_id\r\n";
/** Rows are handed on in pieces of this size: one by one would cost more than the rest. Unit: UTF-16 code units. */
const PIECE = 65_536;

export function registerLedger(server: FastifyInstance, door: StaffDoor, { ledger, pseudonyms }: LedgerDeps): void {
  addRoute(server, door, LEDGER_ROUTES.sums, async () => ({ sums: await ledger.sums() }));

  addRoute(server, door, LEDGER_ROUTES.csv, async (_request, reply) => {
    // Read before anything is sent: where the books cannot be read the answer is an error, not half a file.
    const names = await pseudonyms();
    const rows = ledger.rows()[Symbol.asyncIterator]();
    const first = await rows.next();
    reply.type("text/csv; charset=utf-8").header("content-disposition", 'attachment; filename="ledger.csv"');
    return reply.send(Readable.from(csv(first, rows, names)));
  });
}

async function* csv(
  first: IteratorResult<LedgerRow>,
  rows: AsyncIterator<LedgerRow>,
  names: ReadonlyMap<number, string>,
): AsyncGenerator<string> {
  let piece = HEAD;
  for (let next = first; !next.done; next = await rows.next()) {
    piece += csvLine(next.value, names.get(next.value.userId) ?? next.value.userId);
    if (piece.length < PIECE) continue;
    yield piece;
    piece = "";
  }
  if (piece !== "") yield piece;
}

const csvLine = (row: LedgerRow, person: number | string): string =>
  csvRow([isoTime(row.at), row.entry, row.currency, row.amountMinor, row.chargeId, person, row.orderId]);
