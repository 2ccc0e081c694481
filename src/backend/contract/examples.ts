import type { z } from "zod";
import type { CALLS, CallName } from "./calls.ts";
import type { CollectorRun } from "./collector.ts";

type Named<T> = Readonly<Record<string, T>>;

type RequestOf<K extends CallName> = (typeof CALLS)[K]["request"] extends z.ZodType
  ? z.input<(typeof CALLS)[K]["request"]>
  : never;
type AnswersOf<K extends CallName> = (typeof CALLS)[K]["answers"];

/** Documented examples of each call; every one of them is held against its schema by a test. */
type Examples = {
  readonly [K in CallName]: {
    readonly requests: Named<RequestOf<K>>;
    readonly answers: {
      readonly [S in keyof AnswersOf<K>]: Named<AnswersOf<K>[S] extends z.ZodType ? z.input<AnswersOf<K>[S]> : never>;
    };
  };
};

const SPREADSHEET = "1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789_-abcd";
const SELLER = "8f14e45f-ceea-467f-a8d2-0b5b2a1e9c11";
const DECISION = "0f8fad5b-d9cb-469f-a165-70867728950e";

export const COLLECTOR_ALIAS_EXAMPLE: z.input<typeof CollectorRun> = {
  spreadsheet_id: SPREADSHEET,
  dateFrom: "2026-02-17",
};

export const EXAMPLES: Examples = {
  registerSpreadsheet: {
    requests: { register: { spreadsheet_id: SPREADSHEET, owner_email: "owner@example.com" } },
    answers: {
      200: {
        first: { success: true, result: { spreadsheet_id: SPREADSHEET, created: true, active: true } },
        again: { success: true, result: { spreadsheet_id: SPREADSHEET, created: false, active: true } },
      },
    },
  },
  addWbToken: {
    requests: {
      // The parts say `{"alg":"ES256","typ":"JWT"}`, `{"example":true}` and `example-signature`.
      add: {
        spreadsheet_id: SPREADSHEET,
        token: "eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCJ9.eyJleGFtcGxlIjp0cnVlfQ.ZXhhbXBsZS1zaWduYXR1cmU",
      },
    },
    answers: {
      200: {
        added: {
          success: true,
          result: {
            spreadsheet_id: SPREADSHEET,
            sid: SELLER,
            token_suffix: "...dXJl",
            expires_at: "2026-08-17T00:00:00Z",
            created: true,
          },
        },
      },
    },
  },
  getWbTokens: {
    requests: { list: { spreadsheet_id: SPREADSHEET } },
    answers: {
      200: {
        one: {
          success: true,
          result: [{ sid: SELLER, analytics: true, token_suffix: "...dXJl", expires_at: "2026-08-17T00:00:00Z" }],
        },
        none: { success: true, result: [] },
      },
    },
  },
  updateDatasets: {
    requests: {
      all: { ssId: SPREADSHEET },
      one: {
        spreadsheet_id: SPREADSHEET,
        dataset: { name: "wb10xSalesReport_v1", values: { date_from: "2026-02-04" } },
      },
    },
    answers: {
      200: {
        accepted: {
          success: true,
          message: "accepted",
          spreadsheet_id: SPREADSHEET,
          dataset: null,
          values: {},
          job_id: null,
        },
        notImplemented: {
          success: true,
          message: "accepted",
          spreadsheet_id: SPREADSHEET,
          dataset: "wb10xSalesReport_v1",
          warning: "this dataset is not implemented",
        },
      },
    },
  },
  runCollector: {
    requests: {
      twoDays: {
        action: "collector/run",
        ssId: SPREADSHEET,
        dateFrom: "2026-02-17",
        dateTo: "2026-02-18",
        noPositions: true,
      },
    },
    answers: {
      200: {
        complete: {
          success: true,
          action: "collector/run",
          result: "collector completed",
          data: {
            date_from: "2026-02-17",
            date_to: "2026-02-18",
            stored: { daily_prices: 113, daily_stocks: 113, daily_adv: 58, daily_funnel: 226 },
            errors: [],
          },
        },
        partial: {
          success: true,
          action: "collector/run",
          result: "collector completed",
          data: {
            date_from: "2026-02-17",
            date_to: "2026-02-17",
            stored: { daily_prices: 113, daily_stocks: 113 },
            errors: [{ part: "daily_adv", message: "the marketplace did not answer", retryable: true }],
          },
        },
      },
      202: { started: { success: true, action: "collector/run", result: "started", job_id: "job_01HZX3" } },
    },
  },
  readDataset: {
    requests: {
      oneDay: {
        spreadsheet_id: SPREADSHEET,
        dataset: {
          name: "checklist",
          source: "local",
          values: { date_from: "2026-02-17", date_to: "2026-02-17" },
        },
      },
    },
    answers: {
      200: {
        oneRow: {
          success: true,
          spreadsheet_id: SPREADSHEET,
          dataset: "checklist",
          source_tag: "local",
          requested_source: "local",
          degraded: false,
          captured_at: "2026-02-18T05:12:40+03:00",
          row_count: 1,
          next_cursor: null,
          rows: [
            {
              date: "2026-02-17",
              nm_id: 187654321,
              category: "shoes",
              brand: "North",
              adv_sum: 378.49,
              stocks_total: 33.4,
              stocks_enough_for: 12.5,
              stocks_enough_for_with_buyout_perc: null,
              avg_price_with_spp: 1145,
              profit_with_adv: -52.1,
              profit_without_adv: 326.39,
            },
          ],
        },
      },
    },
  },
  setDatasetSource: {
    requests: {
      enterLocal: {
        spreadsheet_id: SPREADSHEET,
        dataset: "checklist",
        source: "local",
        reason: "entered",
        decision_id: DECISION,
        decided_at: "2026-02-18T06:10:00+03:00",
      },
    },
    answers: {
      200: {
        changed: {
          success: true,
          result: {
            spreadsheet_id: SPREADSHEET,
            dataset: "checklist",
            source: "local",
            decision_id: DECISION,
            changed: true,
          },
        },
      },
    },
  },
  getJob: {
    requests: {},
    answers: {
      200: {
        running: {
          success: true,
          job_id: "job_01HZX3",
          state: "running",
          started_at: "2026-02-18T06:00:00+03:00",
          finished_at: null,
          result: null,
          error: null,
        },
        failed: {
          success: true,
          job_id: "job_01HZX3",
          state: "failed",
          started_at: "2026-02-18T06:00:00+03:00",
          finished_at: "2026-02-18T06:04:10+03:00",
          result: null,
          error: { success: false, code: "wb_error", message: "Wildberries failed.", retryable: true },
        },
      },
    },
  },
  getHealth: {
    requests: {},
    answers: {
      200: {
        ok: {
          success: true,
          status: "ok",
          version: "1.0.0",
          time: "2026-02-18T06:00:00+03:00",
          upstream: { enabled: true, reachable: true },
          collector: { running: false, last_success_at: "2026-02-18T05:12:40+03:00" },
        },
      },
    },
  },
};
