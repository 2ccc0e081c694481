// All pages of one side of one day become a slice: the bytes as they came, and the rows by the rules of data quality.
import { dayNumber } from "../../machines/dataset/days.ts";
import type { Day, Side } from "../../machines/dataset/gate.ts";
import { MAX_ROWS_PER_PAGE } from "../backend/contract/limits.ts";
import type { BackendClient, CallMeta } from "../backend/ports.ts";
import { AppError, isAppError } from "../errors.ts";
import { makeNormaliser } from "../quality/engine/normalise.ts";
import { parseNmId } from "../quality/engine/parse-value.ts";
import { type RowTable, spanOf, valueAt } from "../quality/engine/row-table.ts";
import type { Row } from "../quality/model.ts";
import type { Goods, NewSlice, RawPage, Scope, SliceOrigin } from "../quality/ports.ts";

export interface SideQuestion {
  readonly scope: Scope;
  readonly side: Side;
  readonly day: Day;
  readonly keys: readonly string[];
  readonly origin: SliceOrigin;
  readonly isPartial: boolean;
  /** When the run began. Epoch ms. */
  readonly startedAt: number;
}

export interface SideReader {
  readonly client: Pick<BackendClient, "readRawDataset">;
  /** Everything that it says is this side's, whether it says so or not: an address of upstream's own. */
  readonly isOneSided: boolean;
}

/** Ten million rows of one seller and day: a cursor that never ends. */
const MOST_PAGES = 1_000;
const UNKNOWN = "unknown";

/**
 * @returns null: this side never had the day.
 * @throws AppError backend.unsupported (this backend does not say which side answers), backend.*; BackendWait
 */
export async function readSide(
  { client, isOneSided }: SideReader,
  { scope, side, day, keys, origin, isPartial, startedAt }: SideQuestion,
  meta: CallMeta,
  now: () => number,
): Promise<NewSlice | null> {
  const normaliser = makeNormaliser({ from: day, to: day }, keys.length);
  const goods = new Map<number, { category: string; brand: string }>();
  const zeroFilled = new Set<string>();
  const raw: RawPage[] = [];
  let capturedAt: number | null = null;
  let cursor: string | null = null;
  do {
    if (raw.length >= MOST_PAGES) throw new AppError("backend.invalidAnswer", { details: { problem: "tooManyPages" } });
    const question = { ...scope, source: side, dateFrom: day, dateTo: day, limit: MAX_ROWS_PER_PAGE } as const;
    const page = await pageOrNone(client, cursor === null ? question : { ...question, cursor }, meta);
    if (page === null) return null;
    // Nobody knows whose rows these are: held against each other they would agree in everything.
    if (!page.isSourceNamed && !isOneSided) throw new AppError("backend.unsupported", { details: { side } });
    raw.push({ request: page.request, body: page.bytes, receivedAt: now() });
    capturedAt ??= page.capturedAt;
    for (const key of page.zeroFilledKeys) zeroFilled.add(key);
    for (const row of page.rows) take(row);
    cursor = page.nextCursor;
  } while (cursor !== null);

  const { table, counts } = normaliser.finish();
  const unknowable = side === "local" ? keys.map((key) => zeroFilled.has(key)) : [];
  const rows = rowsOf(table, day, unknowable);
  const listed = new Set(rows.map(({ nmId }) => nmId));
  return {
    ...scope,
    ...{ side, day, origin, isPartial, startedAt, capturedAt, keys, counts, rows, raw },
    receivedAt: raw.at(-1)?.receivedAt ?? now(),
    goods: new Map([...goods].filter(([nmId]) => listed.has(nmId))) as Goods,
  };

  function take(row: unknown): void {
    const members = (typeof row === "object" && row !== null ? row : {}) as Readonly<Record<string, unknown>>;
    const member = (name: string): unknown => (Object.hasOwn(members, name) ? members[name] : undefined);
    normaliser.add(member("date"), member("nm_id"), (key) => member(keys[key] ?? ""));
    const nmId = parseNmId(member("nm_id"));
    if (nmId !== null) goods.set(nmId, { category: nameIn(member("category")), brand: nameIn(member("brand")) });
  }
}

const nameIn = (value: unknown): string => (typeof value === "string" && value.trim() !== "" ? value.trim() : UNKNOWN);

/** @param unknowable by the key's place: there zero may mean that nobody knows, and is taken for it. */
function rowsOf(table: RowTable, day: Day, unknowable: readonly boolean[]): readonly Row[] {
  const { start, end } = spanOf(table, dayNumber(day));
  const rows: Row[] = [];
  for (let row = start; row < end; row += 1) {
    const values = Array.from({ length: table.keyCount }, (_, key) => {
      const value = valueAt(table, row, key);
      return Number.isNaN(value) || (value === 0 && unknowable[key] === true) ? null : value;
    });
    rows.push({ date: day, nmId: table.nmIds[row] ?? 0, values });
  }
  return rows;
}

async function pageOrNone(
  client: SideReader["client"],
  question: Parameters<BackendClient["readRawDataset"]>[0],
  meta: CallMeta,
) {
  try {
    return await client.readRawDataset(question, meta);
  } catch (error) {
    if (isAppError(error, "backend.datasetNotFound")) return null;
    throw error;
  }
}
