// Puts data quality together: the daily decision, the gateway, what staff see of both, and what is measured.
import { randomUUID } from "node:crypto";
import { addressOf } from "../../machines/address.ts";
import type { Day } from "../../machines/dataset/gate.ts";
import type { BackendClient } from "../backend/ports.ts";
import type { CatalogSource } from "../catalog-source.ts";
import type { Core } from "../core.ts";
import { makeGateway } from "../gateway/gateway.ts";
import type { Gateway, LocalRows } from "../gateway/ports.ts";
import { makeUpstreamBreaker } from "../gateway/upstream-breaker.ts";
import { measureParity } from "../measures/measure-parity.ts";
import { calibrateScope } from "../quality/calibration/calibrate-scope.ts";
import type { CalibrationBook } from "../quality/calibration/ports.ts";
import { makeDailyEvaluation } from "../quality/daily/daily-evaluation.ts";
import type { ActiveScopes, FrozenSlices, ParityBook } from "../quality/daily/ports.ts";
import { PARITY_DATASET, settingsOf } from "../quality/settings.ts";
import type { ClockParticipant } from "../queues/advance-clock.ts";
import { makeRedisCalibrationBook } from "../redis/calibration-book.ts";
import { makeRedisCollectionStore } from "../redis/collection-store.ts";
import type { RedisClient } from "../redis/connect.ts";
import type { Keys } from "../redis/keys.ts";
import { makeRedisParityBook } from "../redis/parity-book.ts";
import type { Scripts } from "../redis/scripts.ts";
import { systemClock } from "../redis/shared-clock.ts";
import type { Clock } from "../runtime/ports.ts";
import { type Datasets, gateStates, makeDatasets } from "../support/datasets.ts";
import type { Logger } from "../telemetry/logger.ts";
import type { Metrics } from "../telemetry/metrics.ts";
import { correctedRows, gateContext } from "./corrected-rows.ts";
import { dailyParticipant } from "./daily-participant.ts";
import { makeUpstreamRows } from "./upstream-rows.ts";

/** What was collected and frozen; null: this service collects nothing. */
export interface Collected {
  readonly slices: FrozenSlices;
  readonly local: LocalRows;
  readonly scopes: ActiveScopes;
}

export interface QualityParts {
  readonly core: Core;
  readonly client: RedisClient;
  readonly scripts: Scripts;
  readonly keys: Keys;
  readonly catalog: CatalogSource;
  readonly clock: Clock;
  /** From which the reference is read: an address of its own, or the product backend; null: from nowhere. */
  readonly upstream: BackendClient | null;
  readonly collected: Collected | null;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly onError: (where: string, error: Error) => void;
}

export interface Quality {
  readonly datasets: Datasets;
  readonly gateway: Gateway;
  readonly sweeps: readonly (() => Promise<void>)[];
  /** Of a clock that is moved by hand. */
  readonly participants: readonly ClockParticipant[];
}

const NOTHING: LocalRows = { read: async () => null };

export function openQuality(parts: QualityParts): Quality {
  const { core, client, scripts, keys, catalog, clock, upstream, collected, metrics, onError } = parts;
  const { actors } = core;
  const book = makeRedisParityBook(client, keys);
  const calibration = makeRedisCalibrationBook(client, keys);
  const states = makeRedisCollectionStore(client, scripts, keys);
  const settings = () => catalog.current().limits.parity;
  const freezeMs = () => catalog.current().limits.collection.freezeAfterMs;
  measureParity(metrics, {
    dataset: PARITY_DATASET,
    lastDay: async () => (await book.days(PARITY_DATASET)).at(-1) ?? null,
    gateStates: async () => gateStates(await actors.countByState("dataset")),
    verdicts: () => calibration.newestVerdicts(PARITY_DATASET),
    keys: () => settings().keys,
    wallClock: systemClock.now,
  });
  const daily = collected === null ? null : openDaily({ ...parts, book, calibration, collected });
  return {
    datasets: makeDatasets({
      ...{ actors, book, calibration, settings, slices: collected?.slices ?? null, now: () => clock.now() },
      // Read where they lie: another process may be the one that collects.
      noise: (dataset) => states.noise(dataset),
      collection: { of: (scope) => states.read(scope), all: () => states.all() },
      freezeMs,
    }),
    gateway: makeGateway({
      inForce: {
        async sideOf({ dataset, spreadsheetId }) {
          const context = await gateContext(actors, addressOf.dataset(dataset, spreadsheetId));
          return context === null ? settingsOf(settings(), spreadsheetId).gate.initialState : context.gate.side;
        },
      },
      upstream: upstream === null ? null : makeUpstreamRows(upstream, randomUUID),
      local: correctedRows(collected?.local ?? NOTHING, { actors, calibration, settings }),
      breaker: makeUpstreamBreaker(),
      onServed: (dataset, { source, isDegraded }) =>
        metrics.responsesSource.inc({ dataset, source_tag: source, degraded: String(isDegraded) }),
      onTrouble: (side, error) => onError(`gateway ${side}`, error),
    }),
    sweeps: daily === null ? [] : [daily.sweep],
    participants: daily === null ? [] : [daily.participant],
  };
}

interface DailyParts extends QualityParts {
  readonly book: ParityBook;
  readonly calibration: CalibrationBook;
  readonly collected: Collected;
}

function openDaily({ core, catalog, clock, logger, onError, book, calibration, collected }: DailyParts) {
  const { actors } = core;
  const freezeMs = () => catalog.current().limits.collection.freezeAfterMs;
  let judgedTo: Day | null = null;
  const evaluate = makeDailyEvaluation({
    ...{ actors, book, settings: () => catalog.current().limits.parity, clock, freezeMs, onError },
    ...{ slices: collected.slices, scopes: collected.scopes },
    calibrate: (judged) =>
      calibrateScope({ actors, slices: collected.slices, book: calibration, now: () => clock.now() }, judged),
    onFinished: (day, scopes) => {
      judgedTo = day;
      logger.info({ event: "parity.judged", day, scopes }, "the frozen day of every spreadsheet was judged");
    },
  });
  // The sweep and a clock that is moved by hand may both call: one round at a time.
  let running: Promise<void> | null = null;
  const sweep = (): Promise<void> => {
    running ??= evaluate().finally(() => {
      running = null;
    });
    return running;
  };
  return {
    sweep,
    participant: dailyParticipant({ sweep, judgedTo: () => judgedTo, now: () => clock.now(), freezeMs }),
  };
}
