// What each button leads to.
import { addressOf } from "../../../machines/address.ts";
import type { Press, PressEvent } from "../callback-data.ts";
import { byUpdate } from "../context.ts";
import type { Desk, Visit } from "../desk.ts";
import {
  forgetConfirmScreen,
  helpScreen,
  languageScreen,
  mutedScreen,
  privacyScreen,
  termsScreen,
  topupScreen,
  unmutedScreen,
} from "../screens/info.ts";
import type { Screen } from "../screens/screen.ts";
import { choosePlan, drawPlans, requestTrial } from "./buy.ts";
import {
  addSheet,
  checkAgain,
  goBack,
  keepAnswer,
  keepQuiet,
  later,
  openConnect,
  renewToken,
  showTokenHelp,
  startOver,
} from "./connect.ts";
import { askRefund, claimRefund, drawPaySupport } from "./pay-support.ts";
import {
  askCancel,
  askPause,
  cancel,
  pause,
  requestInvite,
  resume,
  setMuted,
  showStatus,
  undoCancel,
} from "./renewal.ts";
import { askToBeForgotten, drawSupport } from "./support.ts";

type ArgOf<E extends PressEvent> = Extract<Press, { event: E }>["arg"];
/** @returns the screen to show; null: it was shown already. */
type Wish<E extends PressEvent> = (
  desk: Desk,
  userId: number,
  arg: ArgOf<E>,
  updateId: number,
) => Promise<Screen | null>;

const drawn =
  (screen: (visit: Visit) => Screen) =>
  (desk: Desk, userId: number): Promise<Screen> =>
    desk.draw(userId, screen);
const home = (desk: Desk, userId: number): Promise<Screen> => desk.home(userId);

/** A button without a line does not compile. */
const WISHES: { readonly [E in PressEvent]: Wish<E> } = {
  home,
  leave: home,
  plans: (desk, userId) => drawPlans(desk, userId),
  offer: drawPlans,
  plan: choosePlan,
  trial: requestTrial,
  status: showStatus,
  invite: requestInvite,
  cancelask: askCancel,
  cancel,
  undo: undoCancel,
  pauseask: askPause,
  pause,
  resume,
  connect: (desk, userId, product, updateId) => openConnect(desk, userId, updateId, product),
  connectback: goBack,
  connectlater: later,
  connectkeep: keepAnswer,
  connectcheck: checkAgain,
  connectrestart: startOver,
  connectquiet: keepQuiet,
  tokenhelp: showTokenHelp,
  addsheet: addSheet,
  retoken: renewToken,
  paysupport: drawPaySupport,
  refundask: askRefund,
  refund: claimRefund,
  support: drawSupport,
  forgetask: drawn(({ reader }) => forgetConfirmScreen(reader)),
  forget: (desk, userId, _arg, updateId) => askToBeForgotten(desk, userId, updateId),
  terms: drawn(({ reader }) => termsScreen(reader)),
  privacy: drawn(({ reader }) => privacyScreen(reader)),
  help: drawn(({ view, reader }) => helpScreen(view, reader)),
  language: drawn(({ reader }) => languageScreen(reader)),
  topup: drawn(({ reader }) => topupScreen(reader)),
  async lang(desk, userId, language, updateId) {
    await desk.deps.actors.send(
      addressOf.customer(userId),
      { type: "language.chosen", language },
      { ...byUpdate(updateId), key: `lang-u${updateId}` },
    );
    return desk.home(userId);
  },
  async mute(desk, userId, _arg, updateId) {
    await setMuted(desk, userId, true, updateId);
    return desk.draw(userId, ({ reader }) => mutedScreen(reader));
  },
  async unmute(desk, userId, _arg, updateId) {
    await setMuted(desk, userId, false, updateId);
    return desk.draw(userId, ({ reader }) => unmutedScreen(reader));
  },
};

export function fulfil<E extends PressEvent>(
  desk: Desk,
  { event, arg }: Extract<Press, { event: E }>,
  userId: number,
  updateId: number,
): Promise<Screen | null> {
  return (WISHES[event] as Wish<E>)(desk, userId, arg as ArgOf<E>, updateId);
}
