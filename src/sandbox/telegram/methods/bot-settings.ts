// What the bot is and says about itself.
import type { BotCommandScope, LanguageCode, MenuButton } from "@grammyjs/types";
import { z } from "zod";
import { badRequest } from "../errors.ts";
import { characters } from "../text/formatted-text.ts";
import type { World } from "../world/world.ts";
import { defineMethod, type MethodDefinition } from "./define.ts";
import { chatId } from "./fields.ts";

const languageCode = z
  .custom<LanguageCode>((code) => typeof code === "string" && /^(?:[a-z]{2})?$/.test(code), {
    error: "invalid language code specified",
  })
  .exactOptional();

const scope: z.ZodExactOptional<z.ZodType<BotCommandScope>> = z
  .discriminatedUnion("type", [
    z.strictObject({ type: z.literal("default") }),
    z.strictObject({ type: z.literal("all_private_chats") }),
    z.strictObject({ type: z.literal("all_group_chats") }),
    z.strictObject({ type: z.literal("all_chat_administrators") }),
    z.strictObject({ type: z.literal("chat"), chat_id: chatId }),
    z.strictObject({ type: z.literal("chat_administrators"), chat_id: chatId }),
    z.strictObject({ type: z.literal("chat_member"), chat_id: chatId, user_id: z.int() }),
  ])
  .exactOptional();

const command = z.strictObject({
  command: z
    .string()
    .transform((name) => name.replace(/^\//, ""))
    .refine((name) => /^[a-z0-9_]{1,32}$/.test(name), { error: "BOT_COMMAND_INVALID" }),
  description: z
    .string()
    .refine((d) => characters(d) >= 1 && characters(d) <= 256, { error: "BOT_COMMAND_DESCRIPTION_INVALID" }),
  is_ephemeral: z.boolean().exactOptional(),
});

const atMost = (max: number, refusal: string) =>
  z
    .string()
    .refine((t) => characters(t) <= max, { error: refusal })
    .exactOptional();

/** A scope of one chat needs that chat. @throws BotApiError */
function requireScope(world: World, given: BotCommandScope | undefined): void {
  if (given === undefined || !("chat_id" in given)) return;
  if (world.channels.find(given.chat_id)) throw badRequest("can't change commands in channel chats");
  if (!world.users.find(Number(given.chat_id))?.knownToBot) throw badRequest("chat not found");
}

const getMe = defineMethod("getMe", {}, (_params, { world }) => world.context.bot);

const setMyCommands = defineMethod(
  "setMyCommands",
  {
    commands: z.array(command).refine((list) => list.length <= 100, { error: "BOT_COMMANDS_TOO_MUCH" }),
    scope,
    language_code: languageCode,
  },
  (params, { world }) => {
    requireScope(world, params.scope);
    world.profile.setCommands(params.scope, params.language_code ?? "", params.commands);
    return true;
  },
);

const getMyCommands = defineMethod("getMyCommands", { scope, language_code: languageCode }, (params, { world }) =>
  world.profile.commands(params.scope, params.language_code ?? ""),
);

const deleteMyCommands = defineMethod(
  "deleteMyCommands",
  { scope, language_code: languageCode },
  (params, { world }) => {
    world.profile.deleteCommands(params.scope, params.language_code ?? "");
    return true;
  },
);

const setMyName = defineMethod(
  "setMyName",
  { name: atMost(64, "BOT_TITLE_INVALID"), language_code: languageCode },
  (params, { world }) => {
    world.profile.setText("name", params.language_code ?? "", params.name ?? "");
    return true;
  },
);

const getMyName = defineMethod("getMyName", { language_code: languageCode }, (params, { world }) => ({
  name: world.profile.text("name", params.language_code ?? "") || world.context.bot.first_name,
}));

const setMyDescription = defineMethod(
  "setMyDescription",
  { description: atMost(512, "BOT_DESCRIPTION_INVALID"), language_code: languageCode },
  (params, { world }) => {
    world.profile.setText("description", params.language_code ?? "", params.description ?? "");
    return true;
  },
);

const getMyDescription = defineMethod("getMyDescription", { language_code: languageCode }, (params, { world }) => ({
  description: world.profile.text("description", params.language_code ?? ""),
}));

const setMyShortDescription = defineMethod(
  "setMyShortDescription",
  { short_description: atMost(120, "BOT_SHORT_DESCRIPTION_INVALID"), language_code: languageCode },
  (params, { world }) => {
    world.profile.setText("shortDescription", params.language_code ?? "", params.short_description ?? "");
    return true;
  },
);

const getMyShortDescription = defineMethod(
  "getMyShortDescription",
  { language_code: languageCode },
  (params, { world }) => ({
    short_description: world.profile.text("shortDescription", params.language_code ?? ""),
  }),
);

const menuButton: z.ZodExactOptional<z.ZodType<MenuButton>> = z
  .discriminatedUnion("type", [
    z.strictObject({ type: z.literal("default") }),
    z.strictObject({ type: z.literal("commands") }),
    z.strictObject({
      type: z.literal("web_app"),
      text: z.string().min(1),
      web_app: z.strictObject({ url: z.string().startsWith("https://") }),
    }),
  ])
  .exactOptional();

const privateChatId = z.int().positive().exactOptional();

const setChatMenuButton = defineMethod(
  "setChatMenuButton",
  { chat_id: privateChatId, menu_button: menuButton },
  (params, { world }) => {
    if (params.chat_id !== undefined && !world.users.find(params.chat_id)?.knownToBot)
      throw badRequest("chat not found");
    world.profile.setMenuButton(params.chat_id, params.menu_button ?? { type: "default" });
    return true;
  },
);

const getChatMenuButton = defineMethod("getChatMenuButton", { chat_id: privateChatId }, (params, { world }) =>
  world.profile.menuButton(params.chat_id),
);

export const botSettingMethods: readonly MethodDefinition[] = [
  getMe,
  setMyCommands,
  getMyCommands,
  deleteMyCommands,
  setMyName,
  getMyName,
  setMyDescription,
  getMyDescription,
  setMyShortDescription,
  getMyShortDescription,
  setChatMenuButton,
  getChatMenuButton,
];
