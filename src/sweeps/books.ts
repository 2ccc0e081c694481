// The other direction: what our books have and Telegram's list has not. A charge that Telegram does not know is a forged update or a
// defect, and somebody has access for it; a refund that it does not know never reached the customer.
import type { LedgerRow } from "../effects/ports.ts";
import type { Clock } from "../runtime/ports.ts";
import type { BooksDay, Finding } from "../support/answers/drift.ts";
import { isCompared, judgeLine, type LineFacts } from "../support/drift/money.ts";
import type { PaymentsProgressStore, TickedRow } from "./payments.ts";

/** Lines of our books in order of writing. */
export interface LedgerPages {
  /** @param place of the last line that is known; null: from the first one. @throws AppError redis.unreachable */
  after(place: string | null, limit: number): Promise<readonly { readonly place: string; readonly row: LedgerRow }[]>;
}

/** Rows of Telegram's list that were seen. Each throws AppError redis.unreachable. */
export interface BookTicks {
  tick(rows: readonly TickedRow[]): Promise<void>;
  /** Stars of each; null: such a row was never seen. */
  amounts(
    wanted: readonly { readonly direction: "in" | "out"; readonly chargeId: string }[],
  ): Promise<readonly (number | null)[]>;
  /** Stars that came in, less those that went back. */
  total(): Promise<number>;
}

export interface BooksProgressStore {
  /** Place of the last line that was compared. */
  read(): Promise<string | null>;
  write(place: string): Promise<void>;
  /** From the first line again. */
  restart(): Promise<void>;
  /** When the last round of the payments sweep began that our books were compared with to their end, epoch ms; null: none. */
  readComparedAt(): Promise<number | null>;
  writeComparedAt(at: number): Promise<void>;
}

export interface BooksSweepDeps {
  readonly ledger: LedgerPages & {
    sums(): Promise<readonly { readonly currency: string; readonly amountMinor: number }[]>;
  };
  readonly ticks: Pick<BookTicks, "amounts" | "total">;
  readonly progress: BooksProgressStore;
  /** How far Telegram's list was compared. */
  readonly payments: Pick<PaymentsProgressStore, "read">;
  readonly clock: Clock;
  readonly onDifference: (finding: Finding) => Promise<void>;
  readonly onDay: (day: BooksDay) => Promise<void>;
  /** Epoch ms → `YYYY-MM-DD`, UTC. */
  readonly dayOf: (at: number) => string;
}

const PAGE = 200;
const PAGES_PER_CALL = 5;
/** Telegram may write its row a moment after it told of the payment. Unit: milliseconds. */
const LATE_ROW_MS = 60_000;

const directionOf = ({ entry }: LedgerRow): "in" | "out" => (entry === "charge" ? "in" : "out");

/** What Telegram's list has for these lines. */
export async function factsOf(ticks: Pick<BookTicks, "amounts">, rows: readonly LedgerRow[]): Promise<LineFacts[]> {
  const amounts = await ticks.amounts(rows.map((row) => ({ direction: directionOf(row), chargeId: row.chargeId })));
  return rows.map((row, index) => ({ ...row, telegram: amounts[index] ?? null }));
}

/** @returns one call of the sweep: some pages of our books, as far as Telegram's list was compared. */
export function makeBooksSweep(deps: BooksSweepDeps): () => Promise<void> {
  const { ledger, ticks, progress, payments, clock, onDifference } = deps;
  let summedAt = 0;
  let comparedAt: number | null = null;
  return async () => {
    const compared = await payments.read();
    if (!compared || compared.comparedAt === null) return;
    const until = compared.comparedAt - LATE_ROW_MS;
    let place = await progress.read();
    let isAtEnd = false;
    for (let pages = 0; pages < PAGES_PER_CALL; pages += 1) {
      const page = await ledger.after(place, PAGE);
      const young = page.findIndex(({ row }) => isCompared(row) && row.at > until);
      const old = young === -1 ? page : page.slice(0, young);
      for (const line of await factsOf(
        ticks,
        old.map(({ row }) => row),
      )) {
        const finding = judgeLine(line);
        if (finding !== null) await onDifference(finding);
      }
      const last = old.at(-1);
      if (last) {
        place = last.place;
        await progress.write(place);
      }
      isAtEnd = old.length < PAGE;
      if (isAtEnd) break;
    }
    if (isAtEnd && compared.comparedAt !== comparedAt) {
      await progress.writeComparedAt(compared.comparedAt);
      comparedAt = compared.comparedAt;
    }
    if (compared.round === null && compared.comparedAt > summedAt) {
      const at = clock.now();
      const lines = (await ledger.sums()).filter(isCompared);
      await deps.onDay({
        day: deps.dayOf(at),
        at,
        ledger: lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0),
        telegram: await ticks.total(),
      });
      summedAt = compared.comparedAt;
    }
  };
}
