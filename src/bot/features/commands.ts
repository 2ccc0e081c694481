// Commands win in any state: they leave a dialogue's step, never the subscription.
import { Composer } from "grammy";
import type { BotContext } from "../context.ts";
import type { Desk } from "../desk.ts";
import { helpScreen, languageScreen, privacyScreen, termsScreen } from "../screens/info.ts";
import { below, type Screen } from "../screens/screen.ts";
import { homeScreen } from "../screens/status.ts";
import { t } from "../texts.ts";
import type { Parsed } from "../updates.ts";
import { choosePlan, chooseRenewal, drawPlans } from "./buy.ts";
import { keepUp, openConnect } from "./connect.ts";
import { startPayload } from "./contact.ts";
import { enterDialogue } from "./dialogues.ts";
import { drawPaySupport } from "./pay-support.ts";
import { drawSupport } from "./support.ts";

/** Shown in the client's menu, in this order; described in both languages by `command-<name>`. */
export const COMMANDS = [
  "start",
  "plans",
  "buy",
  "status",
  "connect",
  "cancel",
  "language",
  "help",
  "terms",
  "privacy",
  "paysupport",
  "support",
] as const;

const COMMAND = /^\/([a-z]{1,32})(?:@(\w+))?(?:\s|$)/i;

/** @returns null for other text, and for commands to another bot. */
export function commandOf(text: string | undefined, botUsername: string): string | null {
  const match = COMMAND.exec(text ?? "");
  if (!match || (match[2] !== undefined && match[2].toLowerCase() !== botUsername.toLowerCase())) return null;
  return (match[1] ?? "").toLowerCase();
}

/** What `/buy` names: a plan's code, in whatever case a phone wrote it. */
const PLAN = /^\/buy(?:@\w+)?\s+([a-z0-9-]{1,32})\s*$/i;

/** @returns null for `/buy` alone, and for what can't be a plan's code. */
export const planCodeOf = (text: string | undefined): string | null =>
  PLAN.exec(text ?? "")?.[1]?.toLowerCase() ?? null;

export function commands(desk: Desk): Composer<BotContext> {
  const composer = new Composer<BotContext>();

  composer.use(async (ctx, next) => {
    if (ctx.parsed.kind !== "message") return next();
    const { updateId, data } = ctx.parsed as Parsed<"message">;
    const command = commandOf(data.text, desk.deps.botInfo.username);
    if (command === null || data.from === undefined) return next();
    const userId = data.from.id;
    const screen = await fulfil(command, userId, data.text, updateId);
    if (screen === null) return;
    await desk.chat.post(userId, screen);
    await keepUp(desk, userId, screen);
    await enterDialogue(ctx, screen);
  });

  async function fulfil(
    command: string,
    userId: number,
    text: string | undefined,
    updateId: number,
  ): Promise<Screen | null> {
    if (command === "start") return start(userId, startPayload(text), updateId);
    if (command === "paysupport") return drawPaySupport(desk, userId);
    if (command === "support") return drawSupport(desk, userId);
    if (command === "connect") return openConnect(desk, userId, updateId);
    if (command === "buy") return buy(userId, planCodeOf(text), updateId);
    if (command === "plans") return drawPlans(desk, userId);
    return desk.draw(userId, ({ view, reader }) => {
      switch (command) {
        case "help":
          return helpScreen(view, reader);
        case "terms":
          return termsScreen(reader);
        case "privacy":
          return privacyScreen(reader);
        case "language":
          return languageScreen(reader);
        case "cancel":
          return below(t(reader.language, "left-step"), homeScreen(view, reader));
        case "status":
          return homeScreen(view, reader);
        default:
          return below(t(reader.language, "unknown-command"), homeScreen(view, reader));
      }
    });
  }

  /** Straight to a plan's checkout; without a plan that is on sale, to the choice. */
  async function buy(userId: number, planCode: string | null, updateId: number): Promise<Screen | null> {
    return planCode === null ? drawPlans(desk, userId) : choosePlan(desk, userId, planCode, updateId);
  }

  /** Deep links hold in any state. A campaign (`c_…`) is remembered by the customer and opens the usual screen. */
  async function start(userId: number, payload: string | null, updateId: number): Promise<Screen | null> {
    if (payload === "connect") return openConnect(desk, userId, updateId);
    if (payload === "renew") return chooseRenewal(desk, userId, updateId);
    return payload === "plans" ? drawPlans(desk, userId) : desk.home(userId);
  }

  return composer;
}
