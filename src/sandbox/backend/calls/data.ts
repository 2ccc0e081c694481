import { DEFAULT_ROWS_PER_PAGE } from "../../../backend/contract/limits.ts";
import { type SourceTag, spreadsheetIdOf } from "../../../backend/contract/primitives.ts";
import { DataRequest } from "../../../backend/contract/spreadsheet.ts";
import { Refusal } from "../errors.ts";
import { dayNumberOf, moscowInstant } from "../world/days.ts";
import type { Window } from "../world/rows.ts";
import { capturedAt } from "../world/slices.ts";
import { CHECKLIST, type Page, type World } from "../world/world.ts";
import { type Call, parse, visibleSpreadsheet } from "./call.ts";

/** POST /ss/datasets/data: rows of exactly one side, page by page. */
export const readDataset: Call = (body, context) => {
  const request = parse(DataRequest, body);
  const { world, profile } = context;
  const { id } = visibleSpreadsheet(context, spreadsheetIdOf(request));
  const { name, source: asked = "auto", values } = request.dataset;
  if (name !== CHECKLIST) throw new Refusal("unsupported_dataset", { details: { dataset: name } });
  const window = windowOf(values);
  const now = context.now();
  if (!profile.choosesSource) {
    // One switch for all: what upstream has, or what there is.
    const page = readSide(world, id, window, now, isUpstreamUp(world) ? "upstream" : "local");
    return { status: 200, body: { rows: page.rows } };
  }

  const question = JSON.stringify([id, name, asked, window.from, window.to, values?.nm_ids ?? null]);
  const cursor = values?.cursor ?? null;
  const place = cursor === null ? null : world.cursors.find(cursor, question, now);
  if (cursor !== null && !place)
    throw new Refusal("invalid_request", {
      message: "The cursor is unknown, too old, or of another question: start from the first page.",
      details: { reason: "cursor" },
    });
  const answer =
    place?.answer ??
    (asked === "auto" ? readEither(world, id, name, window, now) : readSide(world, id, window, now, asked));
  const offset = place?.offset ?? 0;
  const end = offset + (values?.limit ?? DEFAULT_ROWS_PER_PAGE);
  const rows = answer.rows.slice(offset, end);
  const zeroFilled = answer.sourceTag === "local" ? world.plan.zero_filled_keys : [];
  return {
    status: 200,
    headers: { "X-Source-Tag": answer.sourceTag },
    body: {
      success: true,
      spreadsheet_id: id,
      dataset: name,
      source_tag: answer.sourceTag,
      requested_source: asked,
      degraded: answer.degraded,
      captured_at: answer.capturedAt === null ? null : moscowInstant(answer.capturedAt),
      zero_filled_keys: zeroFilled,
      row_count: rows.length,
      next_cursor: end < answer.rows.length ? world.cursors.put({ question, answer, offset: end }, now) : null,
      rows,
    },
  };
};

type Values = DataRequest["dataset"]["values"];

/** @throws Refusal `invalid_request`, `invalid_date_range`. */
function windowOf(values: Values): Window {
  const { date_from: from, date_to: to, nm_ids: nmIds } = values ?? {};
  if (from === undefined || to === undefined)
    throw new Refusal("invalid_request", { message: "values.date_from and values.date_to are needed." });
  if (to < from) throw new Refusal("invalid_date_range", { message: "date_to lies before date_from." });
  return { from: dayNumberOf(from), to: dayNumberOf(to), nmIds: nmIds ? new Set(nmIds) : null };
}

const isUpstreamUp = ({ upstream }: World): boolean => upstream.enabled && upstream.available;

/** @throws Refusal `upstream_error`; `dataset_not_found` where nothing of the window was ever collected. */
function readSide(world: World, id: string, window: Window, now: number, sourceTag: SourceTag): Page {
  if (sourceTag === "upstream") {
    if (!isUpstreamUp(world)) throw new Refusal("upstream_error");
    return { sourceTag, degraded: false, capturedAt: now, rows: world.referenceRows(id, window, now) };
  }
  const { rows, slices } = world.localRows(id, CHECKLIST, window);
  if (slices.length === 0) throw new Refusal("dataset_not_found");
  return { sourceTag, degraded: false, capturedAt: capturedAt(slices), rows };
}

/** @throws Refusal `no_source_available`. */
function readEither(world: World, id: string, dataset: string, window: Window, now: number): Page {
  // Switched off, upstream is no choice at all; that is no fallback.
  const first = world.upstream.enabled ? world.decisions.sourceOf(id, dataset) : "local";
  const second = first === "local" ? "upstream" : "local";
  const tried = attempt(() => readSide(world, id, window, now, first));
  if (tried) return tried;
  const fallback = attempt(() => readSide(world, id, window, now, second));
  if (fallback) return { ...fallback, degraded: true };
  throw new Refusal("no_source_available");
}

function attempt(read: () => Page): Page | null {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof Refusal) return null;
    throw cause;
  }
}
