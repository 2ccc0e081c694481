// Every method the emulator implements, by name.
import { botSettingMethods } from "./bot-settings.ts";
import type { MethodDefinition } from "./define.ts";
import { inviteLinkMethods } from "./invite-links.ts";
import { memberMethods } from "./members.ts";
import { messageEditMethods } from "./message-edits.ts";
import { messageMethods } from "./messages.ts";
import { paymentMethods } from "./payments.ts";
import { webhookMethods } from "./webhook.ts";

const all: readonly MethodDefinition[] = [
  ...botSettingMethods,
  ...webhookMethods,
  ...messageMethods,
  ...messageEditMethods,
  ...paymentMethods,
  ...inviteLinkMethods,
  ...memberMethods,
];

/** Keys in lower case: the Bot API does not care about the case of method names. */
export const METHODS: ReadonlyMap<string, MethodDefinition> = new Map(
  all.map((method) => [method.name.toLowerCase(), method]),
);
