// Puts collection together: slices on the disk, the states in Redis, the backend's calls, and what others read of it.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { addressOf } from "../../machines/address.ts";
import { daysOf } from "../../machines/dataset/days.ts";
import { ticketIdOf } from "../../machines/tell.ts";
import type { BackendClient } from "../backend/ports.ts";
import type { CatalogSource } from "../catalog-source.ts";
import { makeCollector } from "../collection/collector.ts";
import { activeScopes } from "../collection/scopes.ts";
import type { Core } from "../core.ts";
import { AppError, isAppError } from "../errors.ts";
import type { DataRow, LocalRows } from "../gateway/ports.ts";
import { measureCollection } from "../measures/measure-collection.ts";
import type { FrozenSlices } from "../quality/daily/ports.ts";
import type { Scope, Slice, SliceAddress, SliceReader } from "../quality/ports.ts";
import { PARITY_DATASET, settingsOf } from "../quality/settings.ts";
import { openDuck } from "../quality/slices/duck.ts";
import { makeSliceStore } from "../quality/slices/store.ts";
import type { ClockParticipant } from "../queues/advance-clock.ts";
import { makeRedisCollectionStore } from "../redis/collection-store.ts";
import type { RedisClient } from "../redis/connect.ts";
import type { Keys } from "../redis/keys.ts";
import type { Scripts } from "../redis/scripts.ts";
import { systemClock } from "../redis/shared-clock.ts";
import type { Clock } from "../runtime/ports.ts";
import type { Logger } from "../telemetry/logger.ts";
import type { Metrics } from "../telemetry/metrics.ts";
import type { Upstream } from "./product.ts";
import type { Collected } from "./quality.ts";

export interface CollectionParts {
  readonly core: Core;
  readonly client: RedisClient;
  readonly scripts: Scripts;
  readonly keys: Keys;
  readonly catalog: CatalogSource;
  readonly clock: Clock;
  readonly backend: BackendClient;
  readonly upstream: Upstream;
  readonly dataDir: string;
  /** false: this process only reads slices, and may have them read-only. */
  readonly writes: boolean;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly onError: (where: string, error: Error) => void;
}

export interface Collection {
  readonly collected: Collected;
  /** Of a worker. */
  readonly sweep: () => Promise<void>;
  /** Of a clock that is moved by hand. */
  readonly participant: ClockParticipant;
  close(): Promise<void>;
}

/** Slices are of one spreadsheet and day: this is plenty, and the container has the rest for itself. */
const DUCK_MEMORY = "256MB";

export async function openCollection(parts: CollectionParts): Promise<Collection> {
  const { core, client, scripts, keys, catalog, clock, backend, upstream, dataDir, metrics, logger, onError } = parts;
  const { actors } = core;
  const dataset = PARITY_DATASET;
  const now = () => clock.now();
  const root = join(dataDir, "slices");
  if (parts.writes) checkWritable(root);
  const duck = await openDuck({ spillDirectory: join(dataDir, "slices-spill"), memoryLimit: DUCK_MEMORY });
  const store = makeRedisCollectionStore(client, scripts, keys);
  const slices = makeSliceStore({
    ...{ root, duck, now },
    onSealed: ({ dataset }) => metrics.slicesSealed.inc({ dataset }),
    onRestated: ({ dataset }) => metrics.slicesRestated.inc({ dataset }),
    onRefused: ({ dataset, spreadsheetId, side, day }) => {
      metrics.sliceWriteRefused.inc({ dataset });
      logger.error(
        { event: "slice.refused", spreadsheetId, side, day },
        "somebody wanted to change a sealed day; it is as it was",
      );
    },
    onSetAside: ({ dataset, spreadsheetId, side, day }, path) => {
      metrics.slicesSetAside.inc({ dataset });
      logger.error(
        { event: "slice.setAside", spreadsheetId, side, day, path: relative(root, path) },
        "a file of collected data is damaged and was set aside",
      );
    },
  });
  const collector = makeCollector({
    ...{ actors, store, slices, dataset, now },
    collector: backend,
    sides: {
      local: { client: backend, isOneSided: false },
      upstream,
    },
    keysOf: ({ spreadsheetId }) => settingsOf(catalog.current().limits.parity, spreadsheetId).keys,
    settings: () => catalog.current().limits.collection,
    random: Math.random,
    onRun: (_scope, result) => metrics.collectorRuns.inc({ result }),
    onProblem: ({ spreadsheetId }, where, error) =>
      logger.warn(
        { event: "collection.problem", spreadsheetId, where, err: error },
        "the data of a spreadsheet could not be collected, or not of both sides",
      ),
    // It is the backend that cannot, so all spreadsheets share one ticket.
    onUnsupported: async () => {
      await actors.send(
        addressOf.ticket(ticketIdOf("backend", "unsupported-sides")),
        {
          type: "ticket.opened",
          ...{ userId: null, subject: "backend", about: null, detail: "unsupported sides", messageRef: null },
        },
        { cause: { kind: "system", id: "collection" } },
      );
    },
    onError: (error) => onError("collection", error),
  });
  measureCollection(metrics, {
    ...{ dataset, now, wallClock: systemClock.now, settings: () => catalog.current().limits.collection },
    states: () => store.all(),
    noise: () => store.noise(dataset),
  });

  return {
    collected: {
      slices: frozenSlices(slices),
      local: localRows(slices),
      scopes: { list: () => activeScopes(store) },
    },
    sweep: () => collector.sweep(),
    participant: {
      nextDueAt: () => collector.nextDueAt(),
      runDue: () => collector.settled(),
      settled: () => collector.settled(),
    },
    async close() {
      await collector.stop();
      duck.close();
    },
  };
}

/** Said at the start, and not at the first freeze. @throws AppError slice.noFolder */
function checkWritable(root: string): void {
  const probe = join(root, `.probe-${process.pid}`);
  try {
    // Figures of customers: nobody else on this machine is to read them.
    mkdirSync(root, { recursive: true, mode: 0o700 });
    writeFileSync(probe, "");
    rmSync(probe, { force: true });
  } catch (cause) {
    throw new AppError("slice.noFolder", { cause, details: { path: root } });
  }
}

/** Versions 1, as the daily decision reads them. A damaged file was set aside and told of. */
const frozenSlices = (slices: SliceReader): FrozenSlices => ({
  firstSeen: (scope, from, to) => slices.firstSeen(scope, from, to),
  async readFrozen(scope, side, day) {
    const slice = await orNone(() => slices.read({ ...scope, side, day }, "v1"));
    if (slice === null || slice.head.version === null || slice.head.seal === null) return null;
    const { version, seal, origin, receivedAt } = slice.head;
    const { rows, goods } = slice;
    return { version, seal, origin: origin === "backfill" ? "backfill" : "collection", receivedAt, rows, goods };
  },
});

/**
 * Rows of our own as the gateway serves them: of each day the latest sealed slice, or the open one. A damaged day is no day without rows:
 * then this side is not there, and the other one is asked.
 */
const localRows = (slices: SliceReader): LocalRows => ({
  async read(scope, window) {
    const days = await Promise.all(daysOf(window).map((day) => newest(slices, scope, day)));
    const found = days.filter((slice) => slice !== null);
    if (found.length === 0) return null;
    const times = found.map(({ head }) => head.capturedAt ?? head.receivedAt);
    return { rows: found.flatMap(dataRows), capturedAt: Math.max(...times) };
  },
});

async function newest(slices: SliceReader, scope: Scope, day: string): Promise<Slice | null> {
  const address: SliceAddress = { ...scope, side: "local", day };
  return (await slices.read(address, "latest")) ?? (await slices.read(address, "open"));
}

const dataRows = ({ head, rows, goods }: Slice): DataRow[] =>
  rows.map(({ date, nmId, values }) => ({
    ...{ date, nm_id: nmId },
    ...(goods.get(nmId) ?? {}),
    ...Object.fromEntries(head.keys.map((key, place) => [key, values[place] ?? null])),
  }));

async function orNone<T>(read: () => Promise<T | null>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (isAppError(error, "slice.corrupt")) return null;
    throw error;
  }
}
