// Button presses. Each is answered at once; a stale, doubled or forged one changes nothing and leads to what is true now.
import { Composer } from "grammy";
import { addressOf } from "../../../machines/address.ts";
import { parsePress } from "../callback-data.ts";
import { type BotContext, byUpdate } from "../context.ts";
import type { Desk } from "../desk.ts";
import type { StoredScreen } from "../ports.ts";
import { plain } from "../texts.ts";
import type { Parsed } from "../updates.ts";
import { keepUp } from "./connect.ts";
import { enterDialogue } from "./dialogues.ts";
import { fulfil } from "./wishes.ts";

/** The same button twice within this time is one wish with a nervous finger. Unit: milliseconds. */
export const DOUBLE_TAP_MS = 5_000;

export type PressVerdict = "fresh" | "double" | "stale" | "forged";

/** What a press is, seen from the screen that is current. Pure. */
export function judgePress(
  press: { readonly data: string; readonly messageId: number; readonly updateId: number; readonly at: number },
  current: StoredScreen | null,
): PressVerdict {
  const last = current?.lastPress ?? null;
  const isSame = last !== null && last.data === press.data && last.messageId === press.messageId;
  if (isSame && last.updateId === press.updateId) return "fresh"; // the same update again, after a fault
  if (isSame && press.at - last.at < DOUBLE_TAP_MS) return "double";
  if (parsePress(press.data) === null) return "forged";
  if (current === null) return "fresh"; // the store was lost: what the button asks for is checked anyway
  return current.messageId === press.messageId && current.presses.includes(press.data) ? "fresh" : "stale";
}

const TOASTS = { fresh: null, double: "toast-double", stale: "toast-stale", forged: "toast-stale" } as const;

/** Presses that belong to no message of a private chat: there is nothing to draw, but the client shows a spinner until it is answered. */
export function strayPresses({ deps, chat }: Desk): Composer<BotContext> {
  const composer = new Composer<BotContext>();
  composer
    .filter((ctx) => ctx.parsed.kind === "callback_query" && ctx.parsed.data.message?.chat.type !== "private")
    .use(async (ctx) => {
      deps.count("press.forged");
      const { data } = ctx.parsed as Parsed<"callback_query">;
      await chat.answerPress(data.from.id, data.id, null);
    });
  return composer;
}

export function presses(desk: Desk): Composer<BotContext> {
  const composer = new Composer<BotContext>();
  const { deps, chat } = desk;

  composer.on("callback_query", async (ctx) => {
    const { updateId, data: query } = ctx.parsed as Parsed<"callback_query">;
    const userId = query.from.id;
    const messageId = query.message?.message_id;
    if (messageId === undefined || query.message?.chat.type !== "private") return;
    const pressed = { data: query.data ?? "", messageId, updateId, at: deps.clock.now() };
    const current = await deps.screens.read(userId);
    const verdict = judgePress(pressed, current);
    const toast = TOASTS[verdict];
    // At once: the client shows a spinner until then.
    await chat.answerPress(
      userId,
      query.id,
      toast === null ? null : plain((await desk.visit(userId)).reader.language, toast),
    );
    if (verdict === "double") return deps.count("press.double");
    if (verdict !== "fresh") {
      deps.count(verdict === "stale" ? "press.stale" : "press.forged");
      if (verdict === "forged") await putOnRecord(userId, updateId);
      await showCurrent(userId, messageId, current);
      return;
    }
    await deps.screens.write(userId, { ...(current ?? adopted(messageId, pressed.data)), lastPress: pressed });
    const wish = parsePress(pressed.data);
    if (wish === null) return; // a forged press is never fresh
    const screen = await fulfil(desk, wish, userId, updateId);
    if (screen !== null) await chat.show(userId, screen);
    if (screen !== null) await keepUp(desk, userId, screen);
    if (screen !== null) await enterDialogue(ctx, screen);
  });

  /** So seldom that nobody can fill the audit. */
  async function putOnRecord(userId: number, updateId: number): Promise<void> {
    if (!(await deps.throttle.take(userId, "forgery"))) return;
    await deps.actors.send(
      addressOf.customer(userId),
      { type: "input.refused", what: "forgedPress" },
      { ...byUpdate(updateId), key: `refused-u${updateId}` },
    );
  }

  async function showCurrent(userId: number, pressedId: number, current: StoredScreen | null): Promise<void> {
    const home = await desk.home(userId);
    if (current === null || current.messageId === pressedId) return chat.show(userId, home);
    await chat.retire(userId, pressedId);
    await chat.post(userId, home); // an old message may be far above what the person sees
  }

  return composer;
}

const adopted = (messageId: number, data: string): StoredScreen => ({
  messageId,
  kind: "unknown",
  presses: [data],
  effectId: null,
  lastPress: null,
});
