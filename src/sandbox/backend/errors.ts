// How the simulated backend says no.
import { BACKEND_ERRORS, type BackendErrorCode, rowOf } from "../../backend/contract/errors.ts";

export interface RefusalOptions {
  /** For people; the code's own text by default. */
  readonly message?: string;
  readonly details?: Readonly<Record<string, unknown>>;
  /** Unit: seconds. Default: the code's, where it has one. */
  readonly retryAfterS?: number;
  /** Where a code comes with several. */
  readonly status?: number;
}

/** A refusal that the contract knows. */
export class Refusal extends Error {
  readonly code: BackendErrorCode;
  readonly status: number;
  readonly details: Readonly<Record<string, unknown>>;
  readonly retryAfterS: number | null;
  readonly isRetryable: boolean;

  constructor(code: BackendErrorCode, { message, details = {}, retryAfterS, status }: RefusalOptions = {}) {
    super(message ?? BACKEND_ERRORS[code].text);
    this.name = "Refusal";
    const { status: usual, retry, defaultRetryAfterMs } = rowOf(code);
    this.code = code;
    this.status = status ?? usual;
    this.details = details;
    this.retryAfterS = retryAfterS ?? (defaultRetryAfterMs === undefined ? null : defaultRetryAfterMs / 1000);
    this.isRetryable = retry !== "no";
  }
}

/** Wrong use of the simulator itself. */
export class SimulatorUsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "SimulatorUsageError";
  }
}
