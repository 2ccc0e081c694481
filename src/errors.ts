// Every error this service throws on purpose: what a caller may do about it, and the sentence an operator reads.

interface ErrorEntry {
  /** Whether the same request may succeed when tried again later, unchanged. */
  readonly retry: boolean;
  /** Status of the answer when the error ends an HTTP request. */
  readonly http: number;
  /** What happened and what to do about it. docs/errors.md is printed from these. */
  readonly text: string;
}

export const ERRORS = {
  "config.invalid": {
    retry: false,
    http: 500,
    text: "The environment is not valid; correct the listed variables (docs/configuration.md) and start again.",
  },
  "plans.invalid": {
    retry: false,
    http: 422,
    text: "The plans file is not valid; correct the listed places and load it again.",
  },
  "redis.unreachable": {
    retry: true,
    http: 503,
    text: "Redis does not answer; check that it runs and takes writes, and that REDIS_URL names it. Whether this was written is not known: repeat it with the same idempotency key.",
  },
  "redis.refused": {
    retry: false,
    http: 500,
    text: "Redis refuses this for good: what lies at one of the keys that the log names is not of the form it must have. Restore it from a backup, or remove it where it is none of ours; then do it again.",
  },
  "redis.unsafe": {
    retry: false,
    http: 503,
    text: "Redis runs with settings that may lose data; apply the listed changes (redis.conf has them all) and start again.",
  },
  "redis.noServer": {
    retry: false,
    http: 503,
    text: "No Redis to work with: set REDIS_URL to a running one (in a container always: the image holds none), or install redis-server 7.0 or newer.",
  },
  "redis.embedded": {
    retry: false,
    http: 503,
    text: "The embedded Redis could not start or has stopped; the log has its last lines. Check DATA_DIR, disk space and permissions.",
  },
  "parity.caseInvalid": {
    retry: false,
    http: 422,
    text: "The files of this case cannot be evaluated, and no result was written; correct the place that is named and run it again.",
  },
  "backup.invalid": {
    retry: false,
    http: 422,
    text: "This file cannot be read as an export; nothing was written. Take another copy of it, or an older export.",
  },
  "backup.fileExists": {
    retry: false,
    http: 409,
    text: "There is a file of that name already; choose another name.",
  },
  "backup.notEmpty": {
    retry: false,
    http: 409,
    text: "This Redis holds data already, and nothing was written. Import into an empty one, or remove what is there first.",
  },
  "backup.unfinished": {
    retry: false,
    http: 503,
    text: "An import into this Redis has not ended, so it holds a part only. Run the import again: it removes that part and begins anew.",
  },
  "backup.importUnderWay": {
    retry: false,
    http: 409,
    text: "Another import into this Redis is under way; this one wrote nothing. Wait until the other has ended. If its process was killed, run this one again half a minute later: it removes the part and begins anew.",
  },
  "backup.importTakenOver": {
    retry: false,
    http: 409,
    text: "This import stood still for longer than half a minute, and another one took over; this one has stopped. Wait until the other has ended: it writes everything.",
  },
  "backup.noPause": {
    retry: false,
    http: 503,
    text: "Redis does not let this user hold writes for a moment (CLIENT PAUSE). Allow it (ACL SETUSER <user> +client|pause +client|unpause), or stop every process of the service and export with --stopped.",
  },
  "backup.tooBusy": {
    retry: true,
    http: 503,
    text: "No moment could be caught in which all was read: too much changes at once. Export at a quieter time, or stop every process of the service and export with --stopped.",
  },
  "actor.staleRevision": {
    retry: true,
    http: 409,
    text: "Another worker committed first; reload the actor and step again.",
  },
  "actor.planChanged": {
    retry: false,
    http: 409,
    text: "The event would do something else now than the preview said, and nothing was done; look at a new preview, then decide again.",
  },
  "actor.invalidForce": {
    retry: false,
    http: 422,
    text: "That state cannot be forced; what is wrong with it is listed.",
  },
  "actor.noEvent": {
    retry: false,
    http: 404,
    text: "The actor has had no event of that sequence number; its history lists those that it had.",
  },
  "actor.unknownMachine": {
    retry: false,
    http: 404,
    text: "There is no machine of that name; use one of those listed in docs/architecture.md.",
  },
  "actor.noActor": {
    retry: false,
    http: 404,
    text: "There is no such actor; check the id, or create the actor first.",
  },
  "actor.invalidEvent": {
    retry: false,
    http: 422,
    text: "The event does not have the shape its machine expects; correct the listed fields.",
  },
  "actor.invalidId": {
    retry: false,
    http: 422,
    text: "The actor id has a wrong form; use the form its machine documents.",
  },
  "actor.quarantined": {
    retry: false,
    http: 409,
    text: "The actor is quarantined after a failure and takes no events; read why in its record, mend it, then release it.",
  },
  "actor.unknownVersion": {
    retry: false,
    http: 409,
    text: "The stored snapshot has a version this build cannot read; deploy the build that wrote it, or add a migration.",
  },
  "actor.machineFailed": {
    retry: false,
    http: 500,
    text: "The machine threw while taking the event, and nothing was written; this is a defect, report it with the actor's id.",
  },
  "actor.notForStaff": {
    retry: false,
    http: 403,
    text: "That event is not for people to send: it comes from Telegram, from the customer or from the service itself. Those you may send are listed.",
  },
  "approval.notFound": {
    retry: false,
    http: 404,
    text: "There is no such approval (any more): what was decided is kept for 30 days.",
  },
  "approval.own": {
    retry: false,
    http: 403,
    text: "Nobody approves what they asked for themselves; another person with at least the same role has to. In the sandbox everybody without a token is one and the same owner: give a second person a token in ADMIN_TOKENS, or raise `policies.approval` in the plans file.",
  },
  "approval.decided": {
    retry: false,
    http: 409,
    text: "Somebody has decided about this already; look at the list of approvals.",
  },
  "approval.expired": {
    retry: false,
    http: 409,
    text: "Nobody approved this within 24 hours, or the actor moved on meanwhile; look again and ask anew.",
  },
  "command.numberDiffers": {
    retry: false,
    http: 409,
    text: "The number that was typed is not the number there is now; look again, and type that one.",
  },
  "command.keyReused": {
    retry: false,
    http: 409,
    text: "The idempotency key belongs to another command, which was done; take a new one for this command.",
  },
  "bulk.tooMany": {
    retry: false,
    http: 422,
    text: "More actors are meant than one command may move; narrow the state down, or list addresses in parts.",
  },
  "bulk.changed": {
    retry: false,
    http: 409,
    text: "What the command would do is no longer what was previewed: other actors are meant by now, or one of them, or of those that would hear of it, has moved on. Nothing was sent; preview it again and confirm that.",
  },
  "effect.invalidInput": {
    retry: false,
    http: 500,
    text: "A machine asked for an effect with invalid input; this is a defect, report it with the effect's id.",
  },
  "effect.invalidOutput": {
    retry: true,
    http: 502,
    text: "The other side answered in a form we do not know; check its version against docs/operations.md.",
  },
  "effect.rejected": {
    retry: false,
    http: 502,
    text: "The other side refused for good; sending the same again will not help.",
  },
  "effect.timeout": {
    retry: true,
    http: 504,
    text: "The other side did not answer in time; the effect will be tried again.",
  },
  "effect.unavailable": {
    retry: true,
    http: 503,
    text: "The other side cannot be reached or is failing; the effect will be tried again.",
  },
  "effect.rateLimited": {
    retry: true,
    http: 429,
    text: "The other side asks us to slow down; the effect will be tried again after the time it named.",
  },
  "dataset.notFrozen": {
    retry: false,
    http: 404,
    text: "This day was not frozen on both sides, so there is nothing to compare.",
  },
  "gateway.noSource": {
    retry: true,
    http: 503,
    text: "Neither side has these rows just now: the reference cannot be reached, and of our own there are none (no_source_available).",
  },
  "slice.sealed": {
    retry: false,
    http: 409,
    text: "This version of the day is sealed and holds other data (slice_sealed); it is never changed. Later data become the next version.",
  },
  "slice.corrupt": {
    retry: false,
    http: 500,
    text: "A file of collected data is not what was written; it was set aside under the name in the log, and the others are served as ever. Restore it from a backup of DATA_DIR.",
  },
  "slice.noFolder": {
    retry: false,
    http: 500,
    text: "Slices of collected data are kept in DATA_DIR, and it cannot be written. Give the service a folder of its own that stays (a volume; StateDirectory with systemd) and name it in DATA_DIR, or set COLLECTION=off.",
  },
  "slice.invalidAddress": {
    retry: false,
    http: 422,
    text: "A spreadsheet, dataset, day or column has a name that slices cannot be kept under; see the named part.",
  },
  "backend.notConfigured": {
    retry: false,
    http: 503,
    text: "A product is to be connected, but the service knows no product backend: set BACKEND_URL and BACKEND_ADMIN_KEY.",
  },
  "backend.unavailable": {
    retry: true,
    http: 503,
    text: "The product backend cannot be reached, did not answer in time, or failed; the call is tried again.",
  },
  "backend.invalidAnswer": {
    retry: true,
    http: 502,
    text: "The product backend answered in a form that its contract (docs/backend-openapi.yaml) does not know; check its version and BACKEND_URL.",
  },
  "backend.unauthorized": {
    retry: false,
    http: 502,
    text: "The product backend does not accept our credential; correct BACKEND_ADMIN_KEY or BACKEND_CLIENT_KEY and start again. Until then its queue waits.",
  },
  "backend.forbidden": {
    retry: false,
    http: 502,
    text: "Our credential for the product backend has the wrong role, or this spreadsheet is not listed for it; correct that at the backend.",
  },
  "backend.rejected": {
    retry: false,
    http: 502,
    text: "The product backend does not take the request as it is; this is a defect or bad input, and the details name its code.",
  },
  "backend.notFound": {
    retry: false,
    http: 502,
    text: "The product backend has nothing at this address: an older version without this call, or a wrong BACKEND_URL.",
  },
  "backend.unsupported": {
    retry: false,
    http: 502,
    text: "This version of the product backend cannot answer from one side only; its data cannot be compared.",
  },
  "backend.unsupportedDataset": {
    retry: false,
    http: 502,
    text: "The product backend has not implemented this dataset; take it out of the plan or update the backend.",
  },
  "backend.datasetNotFound": {
    retry: false,
    http: 404,
    text: "The product backend has no such dataset, or has never collected it for this spreadsheet.",
  },
  "backend.jobNotFound": {
    retry: false,
    http: 404,
    text: "The product backend knows no such job (any more); ask for the collection again.",
  },
  "backend.spreadsheetInvalid": {
    retry: false,
    http: 422,
    text: "The product backend does not take this for the id of a spreadsheet; the customer is to send the address again.",
  },
  "backend.spreadsheetNotFound": {
    retry: false,
    http: 404,
    text: "The product backend cannot open the spreadsheet; the customer is to check the address and share it.",
  },
  "backend.spreadsheetInactive": {
    retry: false,
    http: 409,
    text: "The product backend does not know the spreadsheet (any more) or has switched it off; register it again, once.",
  },
  "backend.ownerConflict": {
    retry: false,
    http: 409,
    text: "The spreadsheet belongs to another customer of the product backend; a person has to look into it.",
  },
  "backend.staleDecision": {
    retry: false,
    http: 409,
    text: "A younger decision about the source is in force at the product backend; this one is void.",
  },
  "backend.sliceSealed": {
    retry: false,
    http: 409,
    text: "The days asked for are sealed at the product backend and are not collected again.",
  },
  "backend.invalidToken": {
    retry: false,
    http: 422,
    text: "The product backend refuses the Wildberries token; the details name the reason, and the customer is to send another one.",
  },
  "telegram.unreachable": {
    retry: true,
    http: 503,
    text: "Telegram's Bot API does not answer; check the network, a proxy on the way, and TELEGRAM_API_ROOT.",
  },
  "telegram.unauthorized": {
    retry: false,
    http: 502,
    text: "Telegram does not accept BOT_TOKEN; copy it again from @BotFather, or ask there for a new one.",
  },
  "telegram.webhook": {
    retry: false,
    http: 502,
    text: "Telegram did not accept the webhook; WEBHOOK_URL must be https, public, and on port 443, 80, 88 or 8443.",
  },
  "sealing.unknownKey": {
    retry: false,
    http: 500,
    text: "A secret was sealed with a key that is not in SEALING_KEYS; put that key back, behind the first, until `npm run rotate-keys` says that it may go.",
  },
  "sealing.refused": {
    retry: false,
    http: 500,
    text: "A sealed secret does not open: it was changed, or belongs to somebody else, or the key under its id is another one. Compare SEALING_KEYS with its backup; otherwise drop the secret and ask its owner for it again.",
  },
  "http.cannotListen": {
    retry: false,
    http: 500,
    text: "The HTTP server cannot listen at its address; correct the listed setting and start again.",
  },
  "queue.wrongState": {
    retry: false,
    http: 409,
    text: "That cannot be done to a job in its state, or a worker has just taken it; look at it again.",
  },
  "live.tooMany": {
    retry: true,
    http: 503,
    text: "As many live pages are open as this process serves; close some, or look again later.",
  },
  "http.badRequest": { retry: false, http: 400, text: "The request is not valid; correct the listed fields." },
  "http.unauthorized": {
    retry: false,
    http: 401,
    text: "A valid token is needed; send it as `Authorization: Bearer <token>`, or sign in to the console with it.",
  },
  "http.noStaff": {
    retry: false,
    http: 401,
    text: 'Nobody may come in: no ADMIN_TOKENS are set. Make a token with `token=$(openssl rand -hex 32)`, put `ADMIN_TOKENS="alice:owner:$(printf %s "$token" | sha256sum | cut -d\' \' -f1)"` into the environment, start again and come back with the token.',
  },
  "http.unknownHost": {
    retry: false,
    http: 403,
    text: "The console and the admin API do not answer by this name; call them by one of this machine's own or by HOST, or add the name to CONSOLE_HOSTS.",
  },
  "http.otherSite": {
    retry: false,
    http: 403,
    text: "This does not come from a page of our own, so nothing was done; pages send it to the address they came from, with the header `x-requested-with: console`, programs with `Authorization: Bearer <token>`. Behind a proxy, CONSOLE_HOSTS must have the name in the browser's address bar.",
  },
  "http.tooManyRequests": {
    retry: true,
    http: 429,
    text: "Too many requests came from your address; wait the seconds that the Retry-After header names.",
  },
  "http.noPages": {
    retry: false,
    http: 503,
    text: "The pages of the console were not built; run `npm run build:pages`, or start with `npm start`, which does it. The admin API works without them.",
  },
  "http.lockedOut": {
    retry: true,
    http: 429,
    text: "Too many wrong tokens came from your address; wait the seconds that the Retry-After header names.",
  },
  "http.forbidden": { retry: false, http: 403, text: "Your role may not do this; ask an owner." },
  "http.tooLarge": { retry: false, http: 413, text: "The request body is too large; send less in one request." },
  "http.notFound": {
    retry: false,
    http: 404,
    text: "There is nothing at this address; check the path and the method.",
  },
  "http.unsupportedMediaType": {
    retry: false,
    http: 415,
    text: "The body is of a type that is not taken here; send JSON as `Content-Type: application/json`.",
  },
  "http.internal": {
    retry: false,
    http: 500,
    text: "The request failed for a reason nobody planned for; the service's log says where. This is a defect, report it.",
  },
  "clock.notTest": {
    retry: false,
    http: 409,
    text: "Only a test clock can be advanced; start with CLOCK=test (never together with Telegram's own API).",
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERRORS;

interface AppErrorOptions {
  readonly cause?: unknown;
  /** Ids and numbers that help to find the place; never tokens, names or message text: they are logged. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Matched by `code`, never by message. */
export class AppError extends Error {
  override readonly name = "AppError";
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, { cause, details = {} }: AppErrorOptions = {}) {
    super(`${code}: ${ERRORS[code].text}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.details = details;
  }

  /** Whether the same request may succeed when tried again later, unchanged. */
  get retry(): boolean {
    return ERRORS[this.code].retry;
  }
}

/** Narrows an unknown `catch` value; with a code, to that code. */
export const isAppError = (error: unknown, code?: ErrorCode): error is AppError =>
  error instanceof AppError && (code === undefined || error.code === code);
