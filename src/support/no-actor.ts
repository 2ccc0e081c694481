// What was not found, in words: an id that was mistyped must not look like something that was done.
import { type ActorAddress, type MachineName, parseAddress } from "../../machines/address.ts";
import { AppError } from "../errors.ts";

const MISSING: Readonly<Record<MachineName, string>> = {
  customer: "telegramId: nobody with this Telegram id is known here",
  subscription: "product: this person has no subscription to this product",
  order: "id: there is no order with this id",
  payment: "chargeId: there is no payment with this charge id",
  invite: "id: this person has no access to this chat, and never had",
  channel: "chatId: no channel with this chat id is known here",
  onboarding: "id: this person has not begun to connect this product",
  ticket: "id: there is no ticket with this id",
  dataset: "spreadsheetId: this spreadsheet has no such dataset that was ever judged",
};

export const noActor = (address: ActorAddress): AppError =>
  new AppError("actor.noActor", { details: { address, fields: [MISSING[parseAddress(address).machine]] } });
