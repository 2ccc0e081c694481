// The customer's own wishes about their subscription. Each sends one event and draws what became of it.
import { addressOf } from "../../../machines/address.ts";
import { byUpdate } from "../context.ts";
import type { Desk } from "../desk.ts";
import {
  cancelConfirmScreen,
  canceledScreen,
  pauseConfirmScreen,
  stopFailedScreen,
  undoneScreen,
} from "../screens/renewal.ts";
import type { Screen } from "../screens/screen.ts";
import { homeScreen, isStopFailed, statusScreen } from "../screens/status.ts";
import type { ProductView, Standing } from "../view.ts";
import type { Reader } from "../wording.ts";

type Wish = "cancel.requested" | "cancel.undone" | "pause.requested" | "resume.requested";
type Draw = (product: ProductView, reader: Reader) => Screen;

/** Draws a screen of one of the person's own products; anybody else's, or none: what is true for them. */
async function draw(
  desk: Desk,
  userId: number,
  code: string,
  screen: Draw,
  onlyWhen?: readonly Standing[],
): Promise<Screen> {
  const { view, reader } = await desk.visit(userId);
  const product = view.products.find((candidate) => candidate.code === code);
  if (view.blocked || product === undefined || product.subscription === null) return homeScreen(view, reader);
  return onlyWhen === undefined || onlyWhen.includes(product.standing)
    ? screen(product, reader)
    : statusScreen(product, reader);
}

/** Draws the wish's own screen if it came true, the status otherwise: the machine decides, not the button. */
async function wish(
  desk: Desk,
  userId: number,
  code: string,
  type: Wish,
  updateId: number,
  screen: Draw,
  cameTrue: readonly Standing[],
): Promise<Screen> {
  const { view, reader } = await desk.visit(userId);
  if (!view.products.some((product) => product.code === code && product.subscription !== null))
    return homeScreen(view, reader);
  await desk.deps.actors.send(addressOf.subscription(userId, code), { type }, byUpdate(updateId));
  return draw(desk, userId, code, screen, cameTrue);
}

export const askCancel = (desk: Desk, userId: number, code: string) =>
  draw(desk, userId, code, cancelConfirmScreen, ["renewing"]);
export const cancel = (desk: Desk, userId: number, code: string, updateId: number) =>
  wish(
    desk,
    userId,
    code,
    "cancel.requested",
    updateId,
    (product, reader) => (isStopFailed(product) ? stopFailedScreen : canceledScreen)(product, reader),
    ["ending"],
  );
export const undoCancel = (desk: Desk, userId: number, code: string, updateId: number) =>
  wish(desk, userId, code, "cancel.undone", updateId, undoneScreen, ["ending"]);
export const askPause = (desk: Desk, userId: number, code: string) =>
  draw(desk, userId, code, pauseConfirmScreen, ["renewing", "prepaid", "ending"]);
export const pause = (desk: Desk, userId: number, code: string, updateId: number) =>
  wish(desk, userId, code, "pause.requested", updateId, statusScreen, ["pausing"]);
export const resume = (desk: Desk, userId: number, code: string, updateId: number) =>
  wish(desk, userId, code, "resume.requested", updateId, statusScreen, []);
export const showStatus = (desk: Desk, userId: number, code: string) => draw(desk, userId, code, statusScreen);

/**
 * A new link for every chat of the product that the person is entitled to and not in yet, also where there is one: another admin may have
 * revoked it, or the request that it led to may wait for an answer. Only the person can tell, and the invite has its limit.
 */
export async function requestInvite(desk: Desk, userId: number, code: string, updateId: number): Promise<Screen> {
  const { view, reader } = await desk.visit(userId);
  const product = view.products.find((candidate) => candidate.code === code);
  if (product === undefined || product.subscription === null) return homeScreen(view, reader);
  for (const chat of product.chats) {
    if (chat.inside) continue;
    await desk.deps.actors.send(
      addressOf.invite(userId, chat.chatId),
      { type: "invite.requested" },
      byUpdate(updateId),
    );
  }
  return draw(desk, userId, code, statusScreen);
}

export async function setMuted(desk: Desk, userId: number, isMuted: boolean, updateId: number): Promise<void> {
  const type = isMuted ? "reminders.muted" : "reminders.unmuted";
  await desk.deps.actors.send(
    addressOf.customer(userId),
    { type },
    { ...byUpdate(updateId), key: `mute-u${updateId}` },
  );
}
