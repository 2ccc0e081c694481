// The pages' only way to the service: JSON over the admin API, with its errors as values that people can read.
import type { Problem } from "../support/answers/operations.ts";

const sessionWatchers = new Set<() => void>();
/** Tells when the service no longer knows who this is. @returns what ends the watching */
export function watchSession(onEnded: () => void): () => void {
  sessionWatchers.add(onEnded);
  return () => sessionWatchers.delete(onEnded);
}
export const sessionEnded = (): void => {
  for (const onEnded of sessionWatchers) onEnded();
};
/** Who one is, and becoming it: a refusal there is no end of anything. */
const BEFORE_SESSION: ReadonlySet<string> = new Set(["/api/v1/me", "/console/session"]);

/** What went wrong, as the service says it; `status` 0: it could not be reached. */
export class ApiError extends Error {
  override name = "ApiError";
  readonly status: number;
  readonly code: string;
  readonly fields: readonly string[];
  readonly requestId: string | null;
  /** How long to wait before the next try; null: the service does not say. Unit: seconds. */
  readonly retryAfterSeconds: number | null;

  constructor(problem: Partial<Problem> & { readonly status: number; readonly retryAfterSeconds?: number | null }) {
    super(problem.detail ?? problem.title ?? `HTTP ${problem.status}`);
    this.status = problem.status;
    this.code = problem.code ?? "";
    this.fields = problem.fields ?? [];
    this.requestId = problem.requestId ?? null;
    this.retryAfterSeconds = problem.retryAfterSeconds ?? null;
  }
}

async function call(method: "GET" | "POST", path: string, body: unknown, signal?: AbortSignal): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      credentials: "same-origin",
      // The header cannot be set by a form of another site: with it the service knows that its own page calls.
      headers: {
        accept: "application/json",
        "x-requested-with": "console",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiError({ status: 0, code: "unreachable", detail: "The service does not answer." });
  }
  const isJson = /json/.test(response.headers.get("content-type") ?? "");
  const answer: unknown = isJson ? await response.json() : await response.text();
  if (response.ok) return answer;
  if (response.status === 401 && !BEFORE_SESSION.has(path)) sessionEnded();
  const retryAfterSeconds = Number.parseInt(response.headers.get("retry-after") ?? "", 10);
  throw new ApiError({
    ...(isJson ? (answer as Problem) : {}),
    status: response.status,
    retryAfterSeconds: Number.isNaN(retryAfterSeconds) ? null : retryAfterSeconds,
  });
}

/** @throws ApiError */
export const read = async <T>(path: string, signal?: AbortSignal): Promise<T> =>
  (await call("GET", path, undefined, signal)) as T;

/** @throws ApiError */
export const send = async <T>(path: string, body: unknown): Promise<T> => (await call("POST", path, body)) as T;

/** One per command of a person: a repetition after a lost answer is the same command. */
export const newKey = (): string => crypto.randomUUID();

/** Where an actor's page is, in the console (`/console/actors`) or the API (`/api/v1/actors`). */
export function actorPath(address: string, base = "/console/actors"): string {
  const slash = address.indexOf("/");
  return `${base}/${address.slice(0, slash)}/${encodeURIComponent(address.slice(slash + 1))}`;
}
