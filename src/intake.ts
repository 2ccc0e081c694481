// How an update comes in, by webhook or by polling: recognised, answered where it cannot wait, made durable, acknowledged.
import { z } from "zod";
import type { UpdateQuarantine } from "./bot/ports.ts";
import { describeSetAside, isWorthKeeping } from "./bot/set-aside.ts";
import type { ParsedUpdate, ParseResult } from "./bot/updates.ts";
import { isAppError } from "./errors.ts";
import type { Clock } from "./runtime/ports.ts";
import type { SealUpdate } from "./sealing/seal-update.ts";
import type { Metrics } from "./telemetry/metrics.ts";

/** What lies in a person's inbox: the update as Telegram sent it, but for sealed secrets, and, for a checkout, how it was answered. */
export interface Received<Verdict = unknown> {
  readonly update_id: number;
  readonly update: unknown;
  /** When it came in, epoch ms. Absent in what an older build received. */
  readonly receivedAt?: number;
  readonly checkout?: Verdict;
}

export interface IntakeDeps<Verdict extends { readonly approved: boolean }> {
  readonly parse: (raw: unknown) => ParseResult;
  /** Answers within its own budget; throws only when Telegram did not take the answer. */
  readonly answerPreCheckout: (raw: unknown) => Promise<Verdict>;
  /** Takes the secrets out of what is about to be stored. */
  readonly seal: SealUpdate;
  /** Durable once it returns. @returns false when received before. */
  readonly receive: (person: string, received: Received<Verdict>) => Promise<boolean>;
  /** Keeps what cannot be handled, so that acknowledging it loses nothing. */
  readonly quarantine: Pick<UpdateQuarantine, "add">;
  readonly clock: Clock;
  readonly metrics: Metrics;
}

/** After this Telegram cancels the payment, whatever the answer. Unit: milliseconds. */
const CHECKOUT_LIMIT_MS = 10_000;

/** Where to look; see redis.refused. */
const Keys = z.array(z.string()).catch([]);

export type Intake = (raw: unknown) => Promise<"received" | "duplicate" | "dropped">;

/**
 * Takes one authentic update in.
 * @throws AppError redis.unreachable, or what Telegram answered to a checkout: the update is not durable, Telegram must repeat it.
 */
export function makeIntake<Verdict extends { readonly approved: boolean }>({
  parse,
  answerPreCheckout,
  seal,
  receive,
  quarantine,
  clock,
  metrics,
}: IntakeDeps<Verdict>): Intake {
  /** The payer waits: answered now, and the answer is kept with the update, so that nobody judges it differently later. */
  const checkout = async (raw: unknown): Promise<Verdict> => {
    const startedAt = performance.now();
    const stop = (labels: { readonly result: string }): void => {
      const ms = performance.now() - startedAt;
      metrics.preCheckoutSeconds.observe(labels, ms / 1_000);
      if (ms >= CHECKOUT_LIMIT_MS) metrics.preCheckoutTimeouts.inc();
    };
    try {
      const verdict = await answerPreCheckout(raw);
      stop({ result: verdict.approved ? "approved" : "refused" });
      return verdict;
    } catch (error) {
      stop({ result: "failed" });
      throw error;
    }
  };

  return async (raw) => {
    const parsed = parse(raw);
    if (!parsed.ok) {
      const { kind, fields } = parsed;
      metrics.updates.inc({ kind, result: parsed.problem });
      if (isWorthKeeping(parsed))
        await quarantine.add(describeSetAside(raw, { kind, problem: "malformed", fields, at: clock.now() }));
      return "dropped";
    }
    const { update } = parsed;
    const answered = update.kind === "pre_checkout_query" ? { checkout: await checkout(raw) } : {};
    const sealed = seal(raw, writerOf(update));
    let isNew: boolean;
    try {
      isNew = await receive(personOf(update), {
        ...{ update_id: update.updateId, update: sealed, ...answered },
        receivedAt: clock.now(),
      });
    } catch (error) {
      if (!isAppError(error, "redis.refused")) throw error;
      // This person's inbox is broken, and stays so until it is mended: nobody else's updates may wait behind this one.
      const fields = [error.code, ...Keys.parse(error.details.keys)];
      metrics.updates.inc({ kind: update.kind, result: "failed" });
      await quarantine.add(describeSetAside(raw, { kind: update.kind, problem: "failed", fields, at: clock.now() }));
      return "dropped";
    }
    metrics.updates.inc({ kind: update.kind, result: isNew ? "received" : "duplicate" });
    return isNew ? "received" : "duplicate";
  };
}

/** Whose updates must stay in order: the person it is about, or the chat where it is about the bot's own rights. */
export function personOf(update: ParsedUpdate): string {
  switch (update.kind) {
    case "message":
    case "my_chat_member":
      return update.data.chat.id;
    case "callback_query":
    case "pre_checkout_query":
    case "chat_join_request":
      return String(update.data.from.id);
    case "chat_member":
      return String(update.data.new_chat_member.user.id);
    case "subscription":
      return String(update.data.user.id);
    default:
      return update satisfies never;
  }
}

/** To whom a secret in the update is bound; a message that names nobody belongs to its chat. */
const writerOf = (update: ParsedUpdate): number =>
  update.kind === "message" && update.data.from !== undefined ? update.data.from.id : Number(personOf(update));
