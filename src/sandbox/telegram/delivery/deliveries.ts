// Updates on their way: numbered, filtered, queued per key, sent to the webhook or fetched by long polling.
import { setMaxListeners } from "node:events";
import { Agent } from "node:http";
import type { Update, WebhookInfo } from "@grammyjs/types";
import { conflict } from "../errors.ts";
import type { DeliveryFault, Faults, Strike } from "../faults.ts";
import type { UpdateBody, WorldContext } from "../world/context.ts";
import { type Pending, PendingQueues } from "./pending-queues.ts";
import { type PostResult, postUpdate } from "./post-update.ts";
import {
  DEFAULT_UPDATE_TYPES,
  factsOf,
  numbered,
  readAllowedUpdates,
  type UpdateFacts,
  type UpdateType,
} from "./update-facts.ts";

export interface Webhook {
  readonly url: string;
  readonly secretToken: string | undefined;
  readonly maxConnections: number;
}

/** What became of an update; kept for the tests' eyes. */
export interface DeliveryRecord {
  readonly updateId: number;
  readonly type: UpdateType;
  readonly outcome: "delivered" | "failed" | "expired" | "dropped" | "notAllowed" | "discarded";
  readonly detail: string;
  readonly at: number;
}

const MAX_RETRY_AFTER_S = 3600;
const GONE_MS = 23 * 3_600_000;
const MAX_RECORDS = 20_000;

export class Deliveries {
  readonly records: DeliveryRecord[] = [];
  readonly #context: WorldContext;
  readonly #faults: Faults;
  readonly #onReply: (body: string) => void;
  readonly #onChange: () => void;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #pending = new PendingQueues();
  #nextUpdateId: number;
  #allowed: readonly UpdateType[] | null = null;
  #webhook: Webhook | null = null;
  #session = newSession();
  #inFlight = 0;
  #lastError: { readonly date: number; readonly message: string } | null = null;
  #goneSinceMs: number | null = null;
  #poller: { readonly wake: () => void; readonly replace: () => void } | null = null;
  #hasPoller = false;

  /**
   * @param onReply Body of a 2xx answer that may hold a method call.
   * @param onChange Something got delivered, failed or was fetched.
   */
  constructor(context: WorldContext, faults: Faults, onReply: (body: string) => void, onChange: () => void) {
    this.#context = context;
    this.#faults = faults;
    this.#onReply = onReply;
    this.#onChange = onChange;
    this.#nextUpdateId = context.options.firstUpdateId ?? context.ids.firstUpdateId();
  }

  /** Nothing in flight and nothing that could be sent now; waiting retries, what queues behind them and held updates do not count. */
  get isIdle(): boolean {
    if (this.#inFlight > 0) return false;
    if (this.#webhook) return this.#pending.isQuiet;
    return !this.#hasPoller || this.#pending.all().every((p) => p.state === "held");
  }

  get webhookUrl(): string {
    return this.#webhook?.url ?? "";
  }

  pending(): readonly { readonly updateId: number; readonly type: UpdateType; readonly state: Pending["state"] }[] {
    return this.#pending.all().map((p) => ({ updateId: p.update.update_id, type: p.facts.type, state: p.state }));
  }

  // ---- in ---------------------------------------------------------------------------------------

  push(body: UpdateBody): Update {
    const update = numbered(this.#nextUpdateId, body);
    this.#nextUpdateId += 1;
    const facts = factsOf(body, this.#context.options.switches);
    if (!(this.#allowed ?? DEFAULT_UPDATE_TYPES).includes(facts.type)) {
      this.#record(update, facts, "notAllowed", "not in allowed_updates");
      return update;
    }
    this.#accept(update, facts);
    this.#pump();
    return update;
  }

  #accept(update: Update, facts: UpdateFacts): void {
    const strike = this.#faults.deliveries.strike(facts.subject, ["drop", "duplicate", "delay"]);
    const fault = strike?.fault;
    if (fault?.kind === "drop") {
      this.#record(update, facts, "dropped", "by a fault rule");
      return;
    }
    const isTwin = fault?.kind === "duplicate" && fault.concurrent;
    const entry = this.#entry(update, facts, isTwin ? (fault.toUrl ?? null) : undefined);
    this.#pending.add(entry);
    if (fault?.kind === "delay" && strike) this.#hold(entry, fault, strike);
    if (fault?.kind === "duplicate" && !fault.concurrent) {
      const again = fault.newUpdateId ? { ...update, update_id: this.#nextUpdateId } : update;
      if (fault.newUpdateId) this.#nextUpdateId += 1;
      this.#pending.add(this.#entry(again, facts, undefined));
    }
  }

  #entry(update: Update, facts: UpdateFacts, twinUrl: string | null | undefined): Pending {
    const expiresAtMs = this.#context.clock.now() + facts.lifetimeMs;
    return { update, facts, expiresAtMs, twinUrl, state: "queued", failures: 0 };
  }

  #hold(entry: Pending, fault: Extract<DeliveryFault, { kind: "delay" }>, strike: Strike<DeliveryFault>): void {
    entry.state = "held";
    const go = (): void => {
      if (entry.state !== "held") return;
      this.#ready(entry);
      this.#pump();
    };
    strike.hold(go);
    if (fault.delayMs !== undefined) this.#context.scheduler.after(fault.delayMs, go);
  }

  #record(update: Update, facts: UpdateFacts, outcome: DeliveryRecord["outcome"], detail: string): void {
    this.records.push({ updateId: update.update_id, type: facts.type, outcome, detail, at: this.#context.clock.now() });
    if (this.records.length > MAX_RECORDS) this.records.splice(0, this.records.length - MAX_RECORDS);
  }

  // ---- settings ---------------------------------------------------------------------------------

  /** `undefined` keeps the previous setting. */
  setAllowedUpdates(names: readonly string[] | undefined): void {
    if (names) this.#allowed = readAllowedUpdates(names);
  }

  setWebhook(webhook: Webhook | null, dropPending: boolean): void {
    this.#session.abort();
    this.#session = newSession();
    this.#webhook = webhook;
    this.#lastError = null;
    this.#goneSinceMs = null;
    if (dropPending) this.#discardAll();
    for (const entry of this.#pending.all()) {
      if (entry.state !== "held") this.#ready(entry);
    }
    if (webhook) this.#poller?.replace();
    this.#pump();
  }

  #discardAll(): void {
    for (const entry of this.#pending.all()) {
      this.#pending.remove(entry);
      this.#record(entry.update, entry.facts, "discarded", "drop_pending_updates");
    }
  }

  webhookInfo(): WebhookInfo {
    return {
      url: this.#webhook?.url ?? "",
      has_custom_certificate: false,
      pending_update_count: this.#pending.size,
      ...(this.#lastError
        ? { last_error_date: this.#lastError.date, last_error_message: this.#lastError.message }
        : {}),
      ...(this.#webhook ? { max_connections: this.#webhook.maxConnections } : {}),
      ...(this.#allowed ? { allowed_updates: [...this.#allowed] } : {}),
    };
  }

  // ---- webhook ----------------------------------------------------------------------------------

  #pump(): void {
    if (!this.#webhook) {
      this.#poller?.wake();
      return;
    }
    while (this.#inFlight < this.#webhook.maxConnections) {
      const entry = this.#pending.takeReady();
      if (!entry) return;
      void this.#send(entry, this.#webhook);
    }
  }

  #ready(entry: Pending): void {
    entry.state = "queued";
    this.#pending.touch(entry);
  }

  async #send(entry: Pending, webhook: Webhook): Promise<void> {
    if (entry.expiresAtMs <= this.#context.clock.now()) {
      this.#expire(entry);
      this.#pump();
      return;
    }
    const session = this.#session;
    entry.state = "inFlight";
    const loss = this.#faults.deliveries.strike(entry.facts.subject, ["ackLost", "abort"])?.fault.kind;
    const twin = entry.twinUrl !== undefined && entry.failures === 0;
    if (twin) {
      const copy = { ...webhook, url: entry.twinUrl ?? webhook.url };
      void this.#post(entry, copy, session.signal, false).then(() => {
        this.#pump();
        this.#onChange();
      });
    }
    const result = await this.#post(entry, webhook, session.signal, loss === "abort");
    if (session === this.#session) this.#conclude(entry, loss === "ackLost" ? lost(result) : result);
    this.#pump();
    this.#onChange();
  }

  async #post(entry: Pending, webhook: Webhook, signal: AbortSignal, abortAfterSend: boolean): Promise<PostResult> {
    this.#inFlight += 1;
    try {
      return await postUpdate({
        url: webhook.url,
        secretToken: webhook.secretToken,
        update: entry.update,
        agent: this.#agent,
        scheduler: this.#context.scheduler,
        timeoutMs: this.#context.options.webhookTimeoutMs,
        signal,
        abortAfterSend,
      });
    } finally {
      this.#inFlight -= 1;
    }
  }

  #conclude(entry: Pending, result: PostResult): void {
    if (result.kind === "answered" && result.status >= 200 && result.status < 300) {
      this.#goneSinceMs = null;
      this.#pending.remove(entry);
      this.#record(entry.update, entry.facts, "delivered", String(result.status));
      if (result.body !== "") this.#onReply(result.body);
      return;
    }
    const reason =
      result.kind === "failed"
        ? result.reason
        : `Wrong response from the webhook: ${result.status} ${result.statusText}`.trimEnd();
    this.#lastError = { date: Math.floor(this.#context.clock.now() / 1000), message: reason };
    this.#record(entry.update, entry.facts, "failed", reason);
    if (this.#isGone(result)) {
      this.setWebhook(null, false);
      return;
    }
    this.#retryLater(entry, result);
  }

  /** HTTP 410 for 23 hours removes the webhook. */
  #isGone(result: PostResult): boolean {
    if (result.kind !== "answered" || result.status !== 410) {
      this.#goneSinceMs = null;
      return false;
    }
    this.#goneSinceMs ??= this.#context.clock.now();
    return this.#context.clock.now() - this.#goneSinceMs >= GONE_MS;
  }

  #retryLater(entry: Pending, result: PostResult): void {
    entry.failures += 1;
    const asked = result.kind === "answered" ? result.retryAfter : null;
    const delayMs = asked === null ? this.#backoffMs(entry.failures) : Math.min(asked, MAX_RETRY_AFTER_S) * 1000;
    if (this.#context.clock.now() + delayMs >= entry.expiresAtMs) {
      this.#expire(entry);
      return;
    }
    if (delayMs === 0) {
      this.#ready(entry);
      return;
    }
    entry.state = "waiting";
    this.#context.scheduler.after(delayMs, () => {
      if (entry.state !== "waiting") return;
      this.#ready(entry);
      this.#pump();
    });
  }

  /** At once, then 2, 4, 8 ... s up to a random 60 to 120 s. */
  #backoffMs(failures: number): number {
    if (failures <= 1) return 0;
    const ownCapMs = 60_000 + Math.floor(this.#context.ids.random() * 60_000);
    const capMs = Math.min(ownCapMs, this.#context.options.longestRetryMs);
    return Math.min(2 ** (failures - 1) * 1000, capMs);
  }

  #expire(entry: Pending): void {
    this.#pending.remove(entry);
    this.#record(entry.update, entry.facts, "expired", `after ${entry.failures} failed deliveries`);
  }

  // ---- long polling -----------------------------------------------------------------------------

  /** @throws BotApiError 409 while a webhook is set, or when a newer call takes over. */
  async poll(input: { offset: number; limit: number; timeoutMs: number }): Promise<Update[]> {
    if (this.#webhook)
      throw conflict(
        "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
      );
    this.#poller?.replace();
    this.#hasPoller = true;
    this.#confirm(input.offset);
    const ready = this.#fetch(input.limit);
    if (ready.length > 0 || input.timeoutMs === 0) return ready;
    const ending = await new Promise<"wake" | "timeout" | "replaced">((resolve) => {
      const cancel = this.#context.scheduler.after(input.timeoutMs, () => resolve("timeout"));
      const end = (how: "wake" | "replaced") => () => {
        cancel();
        resolve(how);
      };
      this.#poller = { wake: end("wake"), replace: end("replaced") };
    });
    if (ending === "replaced")
      throw conflict("terminated by other getUpdates request; make sure that only one bot instance is running");
    this.#poller = null;
    return this.#fetch(input.limit);
  }

  #confirm(offset: number): void {
    const now = this.#context.clock.now();
    for (const entry of this.#pending.all().filter((p) => p.expiresAtMs <= now)) this.#expire(entry);
    const ids = this.#pending.all().map((p) => p.update.update_id);
    const from = offset < 0 ? (ids.at(Math.max(offset, -ids.length)) ?? 0) : offset;
    for (const entry of this.#pending.all().filter((p) => p.state !== "held" && p.update.update_id < from)) {
      this.#pending.remove(entry);
      this.#record(entry.update, entry.facts, "delivered", "confirmed by getUpdates");
    }
    this.#onChange();
  }

  #fetch(limit: number): Update[] {
    return this.#pending
      .all()
      .filter((p) => p.state !== "held")
      .slice(0, limit)
      .map((p) => p.update);
  }

  /** Ends everything under way; nothing is sent any more. */
  close(): void {
    this.#session.abort();
    this.#webhook = null;
    this.#poller?.replace();
    this.#poller = null;
    this.#agent.destroy();
  }
}

/** Ends all requests under way; one listener per request is no leak. */
const newSession = (): AbortController => {
  const session = new AbortController();
  setMaxListeners(0, session.signal);
  return session;
};

const lost = (result: PostResult): PostResult =>
  result.kind === "answered" ? { kind: "failed", reason: "Connection closed before the answer was read" } : result;
