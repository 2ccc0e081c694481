// The customers' bot: updates become events of actors, actors' notices become messages. It decides nothing and keeps nothing itself.
import { conversations, createConversation } from "@grammyjs/conversations";
import { Api, type ApiClientOptions, Bot, BotError, type Context } from "grammy";
import type { BotCommand, Update } from "grammy/types";
import { addressOf } from "../../machines/address.ts";
import type { CustomerContext, Language } from "../../machines/customer/types.ts";
import { type Chat, makeChat } from "./chat.ts";
import { answerCheckout } from "./checkout.ts";
import { isContent } from "./content.ts";
import type { BotContext, OuterContext } from "./context.ts";
import { makeConnectDialogue } from "./conversations/connect.ts";
import { makeSupportDialogue } from "./conversations/support.ts";
import { type Desk, makeDesk } from "./desk.ts";
import {
  AnswerDelayed,
  faultFields,
  isNeverStarted,
  isPassing,
  isTelegramAway,
  isUnreachable,
  toldToWaitMs,
} from "./faults.ts";
import { COMMANDS, commandOf, commands } from "./features/commands.ts";
import { contact } from "./features/contact.ts";
import { CONNECT_DIALOGUE, DIALOGUE_VERSION, SUPPORT_DIALOGUE } from "./features/dialogues.ts";
import { freeText } from "./features/free-text.ts";
import { members } from "./features/members.ts";
import { payments } from "./features/payments.ts";
import { presses, strayPresses } from "./features/presses.ts";
import { type ForStaff, makeForStaff, readAnswer } from "./for-staff.ts";
import { type NotifyCustomer, tellCustomer } from "./notices.ts";
import type { BotDeps } from "./ports.ts";
import type { CheckoutVerdict } from "./pre-checkout.ts";
import { declinedScreen } from "./screens/incidents.ts";
import { paragraphs } from "./screens/screen.ts";
import { describeSetAside, isWorthKeeping } from "./set-aside.ts";
import { staffChat } from "./staff/chat.ts";
import { tellStaff } from "./staff/notice.ts";
import type { StaffRoom } from "./staff/ports.ts";
import type { NotifyStaff } from "./staff-notices.ts";
import { plain } from "./texts.ts";
import { type ParsedUpdate, parseUpdate } from "./updates.ts";

/** The client's own default waits 500 s. Unit: seconds. */
const CALL_TIMEOUT_S = 15;
const CHECKOUT_TIMEOUT_S = 5;

/**
 * The bundled fetch does not notice an answer that is cut in the middle. grammY's own signal is of another class than Node's, which
 * may refuse it; its time limit holds either way, and this one frees the connection.
 */
const nativeFetch = ((url: string, { signal: _, agent: __, compress: ___, ...init }: Record<string, unknown>) =>
  fetch(url, { ...init, signal: AbortSignal.timeout(CALL_TIMEOUT_S * 1_000) })) as unknown as NonNullable<
  ApiClientOptions["fetch"]
>;

export type Delivery =
  | "sent"
  /** Not true any more, or sent before. */
  | "outdated"
  /** The person blocked the bot, or is gone. */
  | "blocked"
  /** The person never started the bot. */
  | "neverStarted";

export interface CustomerBot extends ForStaff {
  /**
   * Handles one update; the same one again does no harm. Every handler sends its events before it calls Telegram, except for the answer to
   * a press, whose failure is let go.
   * @param known How `answerPreCheckout` answered this update, where the caller knows; otherwise it is judged again.
   * @throws only what passes by itself, so that the caller repeats the update: AppError (Redis away: nothing later of this person may
   * overtake it); AnswerDelayed (Telegram out of reach or overloaded: later updates may, and a newer screen takes the place of this one).
   */
  handleUpdate(update: unknown, known?: { readonly checkout?: CheckoutVerdict }): Promise<void>;
  /**
   * Answers a checkout inside the webhook call. Reads only.
   * @param update The whole update, unchecked.
   * @throws GrammyError, HttpError when Telegram did not take the answer: answer the webhook with an error, so that it asks again.
   */
  answerPreCheckout(update: unknown): Promise<CheckoutVerdict>;
  /** Somebody who blocked the bot is noted as such. @throws GrammyError, HttpError, AppError */
  notifyCustomer(notice: NotifyCustomer, effectId: string): Promise<Delivery>;
  /** @throws GrammyError, HttpError */
  notifyStaff(notice: NotifyStaff): Promise<"sent" | "logged">;
  /** To somebody whose data are deleted, in the language that they read: nothing of it is kept. @throws GrammyError, HttpError, AppError */
  notifyErased(person: { readonly userId: number; readonly language: Language }): Promise<Delivery>;
  /** To somebody whose join request was declined. `userChatId`: from the request, open for five minutes. */
  notifyDeclined(person: { readonly userId: number; readonly userChatId: number }): Promise<Delivery>;
}

/** For `setMyCommands`, one list per language; scope `all_private_chats`. */
export const commandsIn = (language: Language): BotCommand[] =>
  COMMANDS.map((command) => ({ command, description: plain(language, `command-${command}`) }));

/** @param staff What people do in the staff chat; null: nobody is listed, and the chat is only told things. */
export function makeBot(deps: BotDeps, staff: () => StaffRoom | null = () => null): CustomerBot {
  const client: ApiClientOptions = { fetch: nativeFetch, ...deps.client, timeoutSeconds: CALL_TIMEOUT_S };
  const bot = new Bot<BotContext>(deps.token, { botInfo: deps.botInfo, client });
  if (deps.transformers?.length) bot.api.config.use(...deps.transformers);
  const checkoutApi = new Api(deps.token, { ...client, timeoutSeconds: CHECKOUT_TIMEOUT_S });
  const chat = makeChat({ api: bot.api, screens: deps.screens, slowDown: deps.slowDown });
  const desk = makeDesk(deps, chat);
  install(bot, desk, staff);

  const deliver = async (userId: number, send: () => Promise<Delivery>): Promise<Delivery> => {
    try {
      return await send();
    } catch (error) {
      if (!isUnreachable(error)) throw error;
      deps.count("notice.unreachable");
      deps.logger.info({ event: "notice.unreachable", userId }, "the person can't be written to");
      if (isNeverStarted(error)) return "neverStarted";
      await deps.actors.send(
        addressOf.customer(userId),
        { type: "contact.blocked" },
        { cause: { kind: "system", id: "bot.refused" } },
      );
      return "blocked";
    }
  };

  return {
    ...makeForStaff(desk),

    async handleUpdate(raw, known = {}) {
      const parsed = parseUpdate(raw);
      if (!parsed.ok) {
        deps.count(parsed.problem === "malformed" ? "update.malformed" : "update.unknownKind", parsed.kind);
        deps.logger.warn(
          { event: "update.dropped", problem: parsed.problem, kind: parsed.kind, fields: parsed.fields },
          "update dropped",
        );
        if (isWorthKeeping(parsed)) {
          const { kind, fields } = parsed;
          await deps.quarantine.add(
            describeSetAside(raw, { kind, problem: "malformed", fields, at: deps.clock.now() }),
          );
        }
        return;
      }
      const { updateId, kind } = parsed.update;
      inFlight.set(raw as object, { parsed: parsed.update, ...(known.checkout ? { checkout: known.checkout } : {}) });
      try {
        const userId = userOf(parsed.update);
        const handle = () => bot.handleUpdate(raw as Update);
        await (userId === null ? handle() : deps.turns.inTurn(userId, handle));
      } catch (thrown) {
        const error = thrown instanceof BotError ? thrown.error : thrown;
        if (isTelegramAway(error)) {
          const userId = userOf(parsed.update);
          if (userId !== null) await chat.believe(userId, error);
          deps.count("answer.delayed", kind);
          throw new AnswerDelayed(toldToWaitMs(error));
        }
        if (isPassing(error)) throw error;
        deps.count("update.failed", kind);
        deps.logger.error(
          { event: "update.failed", updateId, kind, ...faultFields(error) },
          "update could not be handled and is not repeated",
        );
        const { error: name, code = name } = faultFields(error);
        await deps.quarantine.add(
          describeSetAside(raw, { kind, problem: "failed", fields: [String(code)], at: deps.clock.now() }),
        );
      }
    },

    async answerPreCheckout(raw) {
      const parsed = parseUpdate(raw);
      if (parsed.ok && parsed.update.kind === "pre_checkout_query")
        return answerCheckout(deps, checkoutApi, parsed.update.data);
      deps.count("update.malformed", "pre_checkout_query");
      return { approved: false, reason: "unknownOrder", text: plain("ru", "refusal-unknownOrder") };
    },

    notifyCustomer: (notice, effectId) =>
      deliver(notice.userId, () => deps.turns.inTurn(notice.userId, () => tell(desk, chat, notice, effectId))),

    async notifyStaff(notice) {
      deps.logger.warn({ event: "staff.notice", notice: notice.notice, ...notice.params }, "staff should know");
      if (deps.staffChatId === null) return "logged";
      await tellStaff(staff(), chat, deps.staffChatId, notice);
      return "sent";
    },

    notifyErased: ({ userId, language }) =>
      deliver(userId, async () => {
        await bot.api.sendMessage(userId, plain(language, "forgotten"));
        return "sent";
      }),

    notifyDeclined: ({ userId, userChatId }) =>
      deliver(userId, async () => {
        const customer = await deps.actors.read(addressOf.customer(userId));
        const known = customer === null ? null : (customer.context as unknown as CustomerContext);
        // A request does not say what its author reads, and who never wrote to us has not told: both languages then.
        const languages: readonly Language[] = known === null ? ["ru", "en"] : [known.language];
        const screens = languages.map((language) => declinedScreen(deps.botInfo.username, desk.readerIn(language)));
        await bot.api.sendMessage(userChatId, paragraphs(...screens.map(({ text }) => text)), {
          parse_mode: "HTML",
          reply_markup: { inline_keyboard: screens.flatMap(({ keyboard }) => keyboard.map((row) => [...row])) },
        });
        return "sent";
      }),
  };
}

/** Whose chat the answer goes to; null for updates that are not answered. */
const userOf = (update: ParsedUpdate): number | null =>
  update.kind === "message" || update.kind === "callback_query" ? (update.data.from?.id ?? null) : null;

/** What was checked of an update, on its way to the handlers. */
const inFlight = new WeakMap<object, Pick<OuterContext, "parsed" | "checkout">>();

/** Order matters: money and membership pass everything that may drop an update. */
function install(bot: Bot<BotContext>, desk: Desk, staff: () => StaffRoom | null): void {
  const { deps } = desk;
  bot.use(async (ctx, next) => {
    Object.assign(ctx, inFlight.get(ctx.update));
    await next();
  });
  bot.use(staffChat(desk, staff));
  bot.use(contact(deps));
  bot.use(payments(deps));
  bot.use(members(deps));

  bot.use(strayPresses(desk));

  const talk = bot
    .on(["message", "callback_query"])
    .filter((ctx) => ctx.chat?.type === "private" && ctx.from !== undefined)
    .filter((ctx) => ctx.message === undefined || isContent(ctx.message));
  talk.use(async (ctx, next) => {
    const { parsed } = ctx;
    const userId = ctx.from?.id;
    if (parsed.kind !== "message" || userId === undefined) return next();
    const what = commandOf(parsed.data.text, deps.botInfo.username) === null ? "message" : "command";
    if (await deps.throttle.take(userId, what)) return next();
    // Deleted, however much somebody writes.
    if (deps.tokens.secretIn(ctx.message?.text ?? ctx.message?.caption ?? "", userId) !== null) return next();
    deps.count("throttled", what);
  });
  talk.use(
    conversations<OuterContext, Context>({
      storage: {
        type: "key",
        version: DIALOGUE_VERSION,
        // By person: what has no chat would otherwise share one key.
        getStorageKey: (ctx) => String(ctx.from?.id),
        adapter: deps.conversations,
      },
      // Calls inside a dialogue go the same way as all others.
      plugins: [
        async (ctx, next) => {
          if (deps.transformers?.length) ctx.api.config.use(...deps.transformers);
          await next();
        },
      ],
    }),
  );
  talk.use(async (ctx, next) => {
    const { parsed } = ctx;
    const leaves =
      parsed.kind === "callback_query" ||
      (parsed.kind === "message" && commandOf(parsed.data.text, deps.botInfo.username) !== null);
    if (leaves) await ctx.conversation.exitAll();
    await next();
  });
  talk.use(createConversation(makeSupportDialogue(desk), { id: SUPPORT_DIALOGUE }));
  talk.use(createConversation(makeConnectDialogue(desk), { id: CONNECT_DIALOGUE }));
  talk.use(commands(desk));
  talk.use(presses(desk));
  talk.use(freeText(desk));
}

async function tell(desk: Desk, chat: Chat, notice: NotifyCustomer, effectId: string): Promise<Delivery> {
  const { deps } = desk;
  const { view, reader } = await desk.visit(notice.userId);
  // Known to be out of reach, or forgotten at their own wish: Telegram is not even asked.
  if (!view.reachable) {
    deps.count("notice.unreachable");
    return view.hasBlockedBot ? "blocked" : "neverStarted";
  }
  const current = await deps.screens.read(notice.userId);
  const answer = notice.notice === "ticket.answered" ? await readAnswer(deps, notice) : null;
  const told = tellCustomer(notice, view, reader, current?.kind ?? null, answer);
  if (told === null) {
    deps.count("notice.outdated", notice.notice);
    return "outdated";
  }
  if (current !== null && told.replaces.includes(current.kind)) await chat.show(notice.userId, told.screen);
  else await chat.post(notice.userId, told.screen, effectId);
  deps.count("notice.sent", notice.notice);
  return "sent";
}
