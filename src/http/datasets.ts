// Data quality: which side each spreadsheet is served from and why, the days of all together, and the rows themselves.
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { addressOf } from "../../machines/address.ts";
import { daysBetween } from "../../machines/dataset/days.ts";
import { SpreadsheetId } from "../../machines/onboarding/types.ts";
import { PARITY_KEYS } from "../backend/contract/spreadsheet.ts";
import { AppError } from "../errors.ts";
import type { Gateway } from "../gateway/ports.ts";
import {
  DatasetCalibration,
  DatasetList,
  DatasetPage,
  DatasetRows,
  ParityDays,
  WorstRows,
} from "../support/answers/datasets.ts";
import type { Datasets } from "../support/datasets.ts";
import { noActor } from "../support/no-actor.ts";
import { parsed, parsedQuery } from "./parse-request.ts";
import { type AdminRoutes, addRoute } from "./route.ts";
import type { StaffDoor } from "./staff-door.ts";

export interface DatasetsDeps {
  readonly datasets: Datasets;
  readonly gateway: Gateway;
  /** The service's clock. Epoch ms. */
  readonly now: () => number;
}

/** Days in one answer. */
const MOST_DAYS = 31;

const ScopeParams = z.object({
  spreadsheetId: SpreadsheetId,
  dataset: z.string().regex(/^[A-Za-z0-9_]{1,64}$/, "expected the name of a dataset, such as checklist"),
});
const ListQuery = z.strictObject({
  cursor: z.string().min(1).max(420).optional().meta({ description: "of the answer before, for what comes after it" }),
  limit: z.coerce.number().int().min(1).max(200).default(50).meta({ description: "spreadsheets in one answer" }),
});
const RowsQuery = z.strictObject({
  from: z.iso.date().meta({ description: "first day, in Moscow" }),
  to: z.iso.date().meta({ description: `last day; at most ${MOST_DAYS} days` }),
  source: z
    .enum(["auto", "upstream", "local"])
    .default("auto")
    .meta({ description: "`auto` follows the gate and falls back to the other side; a named side never does" }),
});
const WorstQuery = z.strictObject({
  day: z.iso.date().meta({ description: "a frozen day, in Moscow" }),
  key: z.enum(PARITY_KEYS).meta({ description: "a column" }),
});

export const DATASET_ROUTES = {
  list: {
    method: "GET",
    path: "/api/v1/datasets",
    twin: "/datasets",
    role: "viewer",
    does: "Which side each spreadsheet is served from, with its streaks, its pin and its newest decision.",
    answers:
      "`{datasets: [{dataset, spreadsheetId, address, state, side, passStreak, holdStreak, unverifiedDays, lastDay, pin, decision}], cursor, now}`",
    answer: DatasetList,
    query: ListQuery,
  },
  days: {
    method: "GET",
    path: "/api/v1/datasets/days",
    twin: "/datasets/days",
    role: "viewer",
    does: "How far the two sides were apart on each of the last 60 frozen days, over all spreadsheets, with the thresholds.",
    answers:
      "`{dataset, keys, gate, collects, nextAt, noise, states, days: [{date, scopes, statuses, numericExactRatio, …, keys}], now}`",
    answer: ParityDays,
  },
  page: {
    method: "GET",
    path: "/api/v1/datasets/:spreadsheetId/:dataset",
    twin: "/datasets/:spreadsheetId/:dataset",
    role: "viewer",
    does: "One spreadsheet's gate: its last 60 days, newest first, each with verdict, reason and what it came from.",
    answers: "the line of the list with `{from, lastSwitch, fallbacks, days, now}`",
    answer: DatasetPage,
    errors: ["actor.noActor"],
  },
  calibration: {
    method: "GET",
    path: "/api/v1/datasets/:spreadsheetId/:dataset/calibration",
    twin: "/datasets/:spreadsheetId/:dataset/calibration",
    role: "viewer",
    does: "What the weekly fits of corrections to our own data came to: verdict per key with the numbers before and after, and what is in use.",
    answers:
      "`{live, runs: [{id, asOf, train, holdout, keys, combined, release, …}], now}`; empty before the first fit",
    answer: DatasetCalibration,
  },
  worst: {
    method: "GET",
    path: "/api/v1/datasets/:spreadsheetId/:dataset/worst",
    twin: "/datasets/:spreadsheetId/:dataset/worst",
    role: "viewer",
    does: "The twenty articles of a frozen day on which the two sides of a key are furthest apart, with both values.",
    answers: "`{rows: [{nmId, upstream, local, error}]}`; 404 for a day that was not frozen on both sides",
    answer: WorstRows,
    query: WorstQuery,
    errors: ["dataset.notFrozen"],
  },
  rows: {
    method: "GET",
    path: "/api/v1/datasets/:spreadsheetId/:dataset/rows",
    role: "viewer",
    does: "The rows as they are served: of one side, which the answer names. A row of our own that was corrected names the fit in `calibration_set`, with what was there before in `<key>_raw`.",
    answers: "`{source_tag, requested_source, degraded, captured_at, row_count, rows}`",
    answer: DatasetRows,
    query: RowsQuery,
    errors: ["gateway.noSource"],
  },
} as const satisfies AdminRoutes;

export function registerDatasets(
  server: FastifyInstance,
  door: StaffDoor,
  { datasets, gateway, now }: DatasetsDeps,
): void {
  addRoute(server, door, DATASET_ROUTES.list, async (request) => {
    const { cursor = null, limit } = parsedQuery(ListQuery, request);
    return { ...(await datasets.list(cursor, limit)), now: now() };
  });

  addRoute(server, door, DATASET_ROUTES.days, async () => ({ ...(await datasets.days()), now: now() }));

  addRoute(server, door, DATASET_ROUTES.page, async (request) => {
    const { dataset, spreadsheetId } = parsed(ScopeParams, request.params);
    const page = await datasets.page(dataset, spreadsheetId);
    if (page === null) throw noActor(addressOf.dataset(dataset, spreadsheetId));
    return { ...page, now: now() };
  });

  addRoute(server, door, DATASET_ROUTES.calibration, async (request) => ({
    ...(await datasets.calibration(parsed(ScopeParams, request.params))),
    now: now(),
  }));

  addRoute(server, door, DATASET_ROUTES.worst, async (request) => {
    const scope = parsed(ScopeParams, request.params);
    const { day, key } = parsedQuery(WorstQuery, request);
    const rows = await datasets.worst(scope, day, key);
    if (rows === null) throw new AppError("dataset.notFrozen", { details: { dataset: scope.dataset, day } });
    return { rows };
  });

  addRoute(server, door, DATASET_ROUTES.rows, async (request) => {
    const { dataset, spreadsheetId } = parsed(ScopeParams, request.params);
    const { from, to, source } = parsedQuery(RowsQuery, request);
    const days = daysBetween(from, to) + 1;
    if (days < 1 || days > MOST_DAYS)
      throw new AppError("http.badRequest", {
        details: { fields: [`query: to: 0 to ${MOST_DAYS - 1} days after from`] },
      });
    const served = await gateway.readRows({ dataset, spreadsheetId }, { from, to }, source);
    return {
      source_tag: served.source,
      requested_source: served.requestedSource,
      degraded: served.isDegraded,
      captured_at: served.capturedAt,
      row_count: served.rows.length,
      rows: served.rows,
    };
  });
}
