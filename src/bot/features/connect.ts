// Connecting the product: each press and each answer is one event of the onboarding, and what is drawn is what became of it.
import { addressOf } from "../../../machines/address.ts";
import { type OnboardingEvent, TOKEN_WARNINGS } from "../../../machines/onboarding/types.ts";
import { type EmailProblem, parseEmail } from "../../inputs/email.ts";
import { parseSpreadsheet } from "../../inputs/spreadsheet.ts";
import { Secret } from "../../sealing/secret.ts";
import { cleanName, clip } from "../clean-text.ts";
import { byUpdate } from "../context.ts";
import type { Desk } from "../desk.ts";
import {
  answered,
  connectable,
  connectListScreen,
  connectScreen,
  openStep,
  quietScreen,
  tokenHelpScreen,
  watchedProduct,
} from "../screens/connect.ts";
import { tokenRefusal } from "../screens/connect-problems.ts";
import { below, type Screen, text } from "../screens/screen.ts";
import { homeScreen, statusScreen } from "../screens/status.ts";
import type { ProductView } from "../view.ts";
import type { Reader } from "../wording.ts";
import type { Written } from "./support.ts";

/** A person in front of the set-up of one of their products. */
interface Place {
  readonly product: ProductView;
  readonly reader: Reader;
}

/** @returns null for a product that the person cannot connect: not theirs, without access, or nothing to connect. */
async function placeOf(desk: Desk, userId: number, code: string): Promise<Place | null> {
  const { view, reader } = await desk.visit(userId);
  const product = connectable(view).find((candidate) => candidate.code === code);
  return product === undefined || view.blocked ? null : { product, reader };
}

async function send(desk: Desk, userId: number, code: string, event: OnboardingEvent, updateId: number): Promise<void> {
  // Two events of one update are two: their keys say which.
  const options = { ...byUpdate(updateId), key: `${event.type}-u${updateId}` };
  await desk.deps.actors.send(addressOf.onboarding(userId, code), event, options);
}

/** /connect, the deep link, and every button that leads to the set-up. */
export async function openConnect(desk: Desk, userId: number, updateId: number, code?: string): Promise<Screen> {
  const { view, reader } = await desk.visit(userId);
  const products = view.blocked ? [] : connectable(view);
  const only = code === undefined && products.length === 1 ? products[0] : products.find((one) => one.code === code);
  if (only !== undefined) return wish(desk, userId, only.code, { type: "connect.opened" }, updateId);
  if (code === undefined && products.length > 1) return connectListScreen(products, reader);
  return below(text(reader, "connect-none"), homeScreen(view, reader));
}

/** One wish of the customer, and the set-up as it is then. */
async function wish(
  desk: Desk,
  userId: number,
  code: string,
  event: OnboardingEvent,
  updateId: number,
  draw: (product: ProductView, reader: Reader) => Screen = connectScreen,
): Promise<Screen> {
  if ((await placeOf(desk, userId, code)) === null) return desk.home(userId);
  await send(desk, userId, code, event, updateId);
  const place = await placeOf(desk, userId, code);
  return place === null ? desk.home(userId) : draw(place.product, place.reader);
}

/** @param left `<product>.<step that is left>`, as the button says it; from another step nothing is gone back. */
export async function goBack(desk: Desk, userId: number, left: string, updateId: number): Promise<Screen> {
  const { code, number } = numbered(left);
  const place = await placeOf(desk, userId, code);
  if (place === null) return desk.home(userId);
  const { product, reader } = place;
  const step = product.onboarding === null ? null : openStep(product.onboarding);
  return step === number ? wish(desk, userId, code, { type: "step.back" }, updateId) : connectScreen(product, reader);
}

/** `<product>.<number>`, as some buttons say it. */
function numbered(arg: string): { readonly code: string; readonly number: number } {
  const dot = arg.lastIndexOf(".");
  return { code: arg.slice(0, dot), number: Number(arg.slice(dot + 1)) };
}

export const keepAnswer = (desk: Desk, userId: number, code: string, updateId: number) =>
  wish(desk, userId, code, { type: "step.kept" }, updateId);
export const checkAgain = (desk: Desk, userId: number, code: string, updateId: number) =>
  wish(desk, userId, code, { type: "check.requested" }, updateId);
export const startOver = (desk: Desk, userId: number, code: string, updateId: number) =>
  wish(desk, userId, code, { type: "onboarding.restarted" }, updateId);
export const addSheet = (desk: Desk, userId: number, code: string, updateId: number) =>
  wish(desk, userId, code, { type: "spreadsheet.requested" }, updateId);
export const keepQuiet = (desk: Desk, userId: number, code: string, updateId: number) =>
  wish(desk, userId, code, { type: "reminders.muted" }, updateId, quietScreen);

/** The answers are kept, so there is nothing to say to anybody. */
export async function later(desk: Desk, userId: number, code: string): Promise<Screen> {
  const place = await placeOf(desk, userId, code);
  if (place === null) return desk.home(userId);
  return below(text(place.reader, "connect-later"), statusScreen(place.product, place.reader));
}

export async function showTokenHelp(desk: Desk, userId: number, code: string): Promise<Screen> {
  const place = await placeOf(desk, userId, code);
  return place === null ? desk.home(userId) : tokenHelpScreen(place.product, place.reader);
}

/** @param connected `<product>.<number of the connection>`, as the button says it. */
export async function renewToken(desk: Desk, userId: number, connected: string, updateId: number): Promise<Screen> {
  const { code, number } = numbered(connected);
  const place = await placeOf(desk, userId, code);
  const connection = place?.product.onboarding?.context.connections[number];
  if (connection === undefined) return desk.home(userId);
  const { spreadsheetId } = connection;
  return wish(desk, userId, code, { type: "token.requested", spreadsheetId }, updateId);
}

/**
 * What a person sends while the set-up asks for something. A token goes from the chat first, whatever it is sent for; a repeated update
 * sends the same events again, which changes nothing.
 */
export async function takeAnswer(desk: Desk, code: string, answer: Written): Promise<Screen> {
  const { userId, updateId } = answer;
  const { tokens } = desk.deps;
  // Below a picture it is a token as well.
  const said = answer.text ?? answer.caption;
  const secret = said === undefined ? null : tokens.secretIn(said, userId);
  let place = await placeOf(desk, userId, code);
  const isStepThree = place?.product.onboarding ? openStep(place.product.onboarding) === 3 : false;
  // Whatever is typed where a token is asked for may be one, however broken.
  const given = secret ?? (isStepThree && answer.text !== undefined ? new Secret(answer.text) : null);
  const isLeft = given === null ? false : !(await desk.chat.erase(userId, answer.messageId));
  if (place === null) return desk.home(userId);
  if (place.product.onboarding?.step === "resting") {
    await send(desk, userId, code, { type: "connect.opened" }, updateId);
    place = (await placeOf(desk, userId, code)) ?? place;
  }
  const { product, reader } = place;
  // The same message again, because the answer to it did not come through.
  if (product.onboarding?.context.lastAnswer === nameOf(answer)) return connectScreen(product, reader);
  const step = product.onboarding === null ? null : openStep(product.onboarding);
  if (step === null) {
    return answered(
      given === null ? text(reader, "connect-no-answer-needed") : notAskedFor(isLeft, reader),
      product,
      reader,
    );
  }
  if (step === 3) {
    if (given === null) return answered(text(reader, "connect-text-3"), product, reader);
    return takeToken(desk, place, given, isLeft, answer);
  }
  if (given !== null) return answered(notAskedFor(isLeft, reader), product, reader);
  if (answer.text === undefined) return answered(text(reader, `connect-text-${step}`), product, reader);
  return step === 1 ? takeEmail(desk, place, answer.text, answer) : takeSpreadsheet(desk, place, answer.text, answer);
}

/**
 * The backend may be faster than Telegram: what was drawn before it was sent is out of date then, and the words that would have changed it
 * came too early. Asked after each screen that was shown.
 */
export async function keepUp(desk: Desk, userId: number, drawn: Screen): Promise<void> {
  const code = watchedProduct(drawn.kind);
  const place = code === null ? null : await placeOf(desk, userId, code);
  if (place === null) return;
  const now = connectScreen(place.product, place.reader);
  if (!drawn.text.endsWith(now.text)) await desk.chat.show(userId, now);
}

/** @returns the set-up as it is, for an answer that was taken before: the update is handled again because our words did not come through. */
export async function takenBefore(desk: Desk, { userId, updateId }: Written): Promise<Screen | null> {
  const { view, reader } = await desk.visit(userId);
  const name = nameOf({ updateId });
  const product = connectable(view).find(({ onboarding }) => onboarding?.context.lastAnswer === name);
  return product === undefined ? null : connectScreen(product, reader);
}

const notAskedFor = (isLeft: boolean, reader: Reader): string =>
  text(reader, isLeft ? "connect-token-early-left" : "connect-token-early");

const nameOf = ({ updateId }: Pick<Written, "updateId">): string => `u${updateId}`;

/** Enough of what came to see the mistake. */
const shown = (typed: string): string => clip(cleanName(typed), 60);

const HIDDEN: readonly string[] = ["hiddenCharacters"] satisfies readonly EmailProblem[];

async function takeEmail(desk: Desk, { product, reader }: Place, typed: string, answer: Written): Promise<Screen> {
  const parsed = parseEmail(typed);
  if (!parsed.ok) {
    const id = HIDDEN.includes(parsed.reason) ? "connect-email-hidden" : "connect-email-wrong";
    return answered(text(reader, id, { text: shown(typed) }), product, reader);
  }
  return tell(desk, product, { type: "email.given", answer: nameOf(answer), email: parsed.email }, answer);
}

async function takeSpreadsheet(
  desk: Desk,
  { product, reader }: Place,
  typed: string,
  answer: Written,
): Promise<Screen> {
  const parsed = parseSpreadsheet(typed);
  if (!parsed.ok)
    return answered(text(reader, `connect-sheet-${parsed.reason}`, { text: shown(typed) }), product, reader);
  return tell(
    desk,
    product,
    { type: "spreadsheet.given", answer: nameOf(answer), spreadsheetId: parsed.spreadsheetId },
    answer,
  );
}

async function takeToken(
  desk: Desk,
  { product, reader }: Place,
  token: Secret,
  isMessageLeft: boolean,
  answer: Written,
): Promise<Screen> {
  const { tokens } = desk.deps;
  const check = tokens.check(token);
  if (!check.ok) return answered(tokenRefusal(check.reasons, isMessageLeft, reader), product, reader);
  // The same update, the same place: a repetition keeps one secret.
  const ref = nameOf(answer);
  await tokens.keep(addressOf.onboarding(answer.userId, product.code), ref, token);
  const { sid, expiresAtMs: expiresAt } = check;
  // One at a time, the most useful first.
  const warning = TOKEN_WARNINGS.find((told) => check.warnings.includes(told)) ?? null;
  const event = { type: "token.given", answer: ref, ref, sid, expiresAt, isMessageLeft, warning } as const;
  return tell(desk, product, event, answer);
}

async function tell(desk: Desk, { code }: ProductView, event: OnboardingEvent, answer: Written): Promise<Screen> {
  return wish(desk, answer.userId, code, event, answer.updateId);
}
