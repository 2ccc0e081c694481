// What a log line may hold: a name and a form for each field; everything else is dropped. docs/logging.md is printed from this table.

/** What a value must look like; one that does not is dropped with its field. */
export const LOG_FORMS = {
  word: "a name from our code or from a protocol: at most 100 letters, digits and `. : _ -`",
  words: "a list of such",
  id: "an id: a whole number, or at most 300 letters, digits and `_ . : | / % = ~ + , -`",
  ids: "a list of such",
  number: "a finite number",
  flag: "true or false",
  scalar: "a number, true or false, or an id",
  sentence: "a sentence of ours, of staff or of a server, masked, at most 500 characters",
  sentences: "a list of at most 50 such",
  problems: "a list of at most 50: a sentence, or a place in a file with one",
  url: "an address of ours, without query",
  frames: "where in the code: at most 6 lines of a stack, without its head",
  error: "an error cut down to name, code, details from this table, causes by name, and frames; or its name",
  details: "an object whose fields are in this table too",
} as const;
export type LogForm = keyof typeof LOG_FORMS;

interface LogFieldSpec {
  readonly form: LogForm;
  /** For people. */
  readonly what: string;
}
const f = (form: LogForm, what: string): LogFieldSpec => ({ form, what });

export const LOG_FIELDS = {
  // what happened
  event: f("word", "what happened, in one stable name"),
  err: f("error", "the error that led to it"),
  error: f("error", "the same, or its name alone"),
  code: f("scalar", "stable code of an error: ours, Node's, Redis' or Telegram's"),
  details: f("details", "ids and numbers that go with an error's code"),
  stack: f("frames", "where an unplanned error came from"),
  description: f("sentence", "why Telegram refused a call, in its words"),
  refusal: f("sentence", "the same"),
  reason: f("sentence", "why: our words, or those of the staff member who decided"),
  problem: f("word", "what is wrong, in one name"),
  problems: f("problems", "what is wrong with a configuration or an answer: places and rules, no values"),
  errors: f("sentences", "settings of Redis that lose data"),
  fields: f("sentences", "fields that are wrong and the rule that each breaks"),
  warnings: f("sentences", "what should be otherwise"),
  lines: f("sentences", "last lines that our own redis-server wrote"),
  result: f("word", "what became of it"),
  failure: f("word", "how a call ended without an answer"),
  why: f("sentence", "why something sealed does not open"),
  where: f("word", "which part of the service"),
  side: f("word", "which foreign system"),

  // which process and settings
  mode: f("word", "`telegram` or `sandbox`"),
  role: f("word", "`all`, `web` or `worker`"),
  url: f("url", "where the HTTP server listens"),
  redis: f("sentence", "which Redis, without credentials"),
  target: f("sentence", "the same"),
  dataDir: f("sentence", "directory of the embedded Redis"),
  bot: f("word", "the bot's username"),
  version: f("word", "of the plans"),
  stage: f("word", "who may buy: of the roll-out"),
  changed: f("flag", "whether a reload of the plans changed anything"),
  products: f("words", "codes of products"),
  allowedUpdates: f("words", "kinds of updates that Telegram sends"),
  pending: f("number", "updates that wait at Telegram"),
  sameUrl: f("flag", "whether Telegram took the webhook's address"),
  members: f("words", "names in `STAFF_MEMBERS`"),
  tokens: f("words", "names in `ADMIN_TOKENS`"),
  graceMs: f("number", "`SHUTDOWN_GRACE_MS`. Unit: milliseconds"),

  // whom and what it is about: ids, never names
  userId: f("number", "Telegram id of a person"),
  chatId: f("id", "Telegram id of a chat"),
  title: f("sentence", "title of one of our channels"),
  address: f("id", "an actor"),
  owner: f("id", "the actor whose secret it is"),
  to: f("id", "the actor that an event was for"),
  about: f("id", "the actor that a ticket is about"),
  orderId: f("id", "an order"),
  planCode: f("word", "a plan"),
  product: f("word", "a product"),
  chargeId: f("id", "a charge"),
  ticketId: f("id", "a ticket"),
  messageRef: f("id", "which message of a ticket"),
  effectId: f("id", "an effect"),
  jobId: f("id", "a job"),
  queue: f("word", "a queue"),
  day: f("id", "a day in Moscow"),
  spreadsheetId: f("id", "a spreadsheet whose data are collected"),
  scopes: f("number", "spreadsheets with their dataset"),
  driftId: f("id", "a difference that reconciliation found"),
  updateId: f("id", "an update of Telegram"),
  id: f("id", "an update that was set aside"),
  requestId: f("id", "a request: the header `x-request-id`"),
  commandId: f("id", "idempotency key of a staff member's command"),
  by: f("word", "the staff member who decided"),
  keyId: f("word", "name of a sealing key"),
  purpose: f("word", "what a sealed secret is for"),
  ref: f("id", "reference of a sealed secret"),
  keys: f("ids", "keys of Redis"),
  src: f("word", "kind of a call that an actor waits for"),
  type: f("word", "type of an event"),
  kind: f("word", "kind of an update, a notice or a difference"),
  state: f("word", "state of a difference"),
  notice: f("word", "what staff are told"),
  subject: f("word", "what a ticket is about"),
  detail: f("sentence", "what a ticket adds to that, in names of ours"),
  again: f("flag", "whether a ticket was opened before"),
  missing: f("words", "rights that the bot lacks, or update kinds that Telegram does not send"),
  removed: f("number", "removals within an hour"),
  allowed: f("number", "removals allowed within an hour"),
  chargebacks: f("number", "charges that a person took back"),
  since: f("number", "since when. Epoch ms"),
  currency: f("word", "of an amount"),
  at: f("number", "when. Epoch ms"),
  fieldsDropped: f("number", "fields of this line that are not in this table, or have another form"),

  // an update about money that nobody could handle: what is needed to put it right by hand
  money: f("details", "what it said about money"),
  successful_payment: f("details", "a payment"),
  refunded_payment: f("details", "a refund"),
  total_amount: f("scalar", "smallest units of the currency"),
  invoice_payload: f("id", "the order's id"),
  telegram_payment_charge_id: f("id", "Telegram's charge"),
  provider_payment_charge_id: f("id", "the payment provider's charge"),
  is_recurring: f("scalar", "whether it is a charge of a subscription"),
  is_first_recurring: f("scalar", "whether it is the first one"),
  subscription_expiration_date: f("scalar", "end of the paid term. Unix time, seconds"),

  // calls
  call: f("word", "which call to a foreign system"),
  method: f("word", "which method of the Bot API"),
  path: f("id", "path of a call, with its parameters' names"),
  route: f("id", "route of a request, with its parameters' names"),
  credential: f("word", "which of our credentials, not its value"),
  status: f("number", "HTTP status"),
  isReplayed: f("flag", "whether the backend answered with what it answered before"),
  durationMs: f("number", "Unit: milliseconds"),
  waitedMs: f("number", "Unit: milliseconds"),
  retryAfterMs: f("number", "Unit: milliseconds"),
  retryAfterSeconds: f("number", "Unit: seconds"),

  // details of errors
  stored: f("number", "version of a stored snapshot"),
  known: f("number", "version that this service knows"),
  expected: f("number", "revision that was expected"),
  actual: f("number", "revision that was found"),
  losses: f("number", "how often another writer was faster"),
  needs: f("word", "the role that is needed"),
} as const satisfies Record<string, LogFieldSpec>;
export type LogField = keyof typeof LOG_FIELDS;

/** Fields of a log line: one that is not listed does not compile, and is dropped where it comes by a spread. */
export type LogFields = { readonly [F in LogField]?: unknown };

export const isLogField = (name: string): name is LogField => Object.hasOwn(LOG_FIELDS, name);
