// Connecting the product: rows 6 to 10 of the dialogue, and what may go wrong on the way. Drawn from the onboarding as it is now.
import type { InlineKeyboardButton } from "grammy/types";
import {
  hasReached,
  isConnected,
  isSheetRefused,
  isTokenRenewal,
  nextToExpire,
} from "../../../machines/onboarding/policy.ts";
import type { Connection, OnboardingContext, Progress } from "../../../machines/onboarding/types.ts";
import { maskEmail } from "../../inputs/email.ts";
import { press } from "../callback-data.ts";
import type { OnboardingView, ProductView, SubscriberView } from "../view.ts";
import { date, lengthOf, type Reader } from "../wording.ts";
import { problemText } from "./connect-problems.ts";
import { below, button, keyboard, labelled, nested, paragraphs, type Screen, text, titleOf } from "./screen.ts";

/** Free text in these screens is an answer. The product is part of the kind: a person may have several. */
const ASKING = "connect:";
/** The customer watches; edited at each step. */
const PROGRESS = "connecting:";

export const askingKind = (code: string): string => `${ASKING}${code}`;
export const progressKind = (code: string): string => `${PROGRESS}${code}`;
/** The product works. */
export const readyKind = (code: string): string => `connected:${code}`;
/** @returns the product that free text below this screen is an answer for. */
export const askedProduct = (kind: string | undefined): string | null =>
  kind?.startsWith(ASKING) ? kind.slice(ASKING.length) : null;

/** @returns the product whose progress is watched on this screen. */
export const watchedProduct = (kind: string): string | null =>
  kind.startsWith(PROGRESS) ? kind.slice(PROGRESS.length) : null;

export const sheetUrl = (spreadsheetId: string): string => `https://docs.google.com/spreadsheets/d/${spreadsheetId}`;

/** Long enough to recognise it by. */
const shortSheet = (id: string): string => (id.length <= 14 ? id : `${id.slice(0, 6)}…${id.slice(-4)}`);

/** Which of the three questions is open; null: none. */
export function openStep({ step }: OnboardingView): 1 | 2 | 3 | null {
  if (step === "asking.awaitingEmail") return 1;
  if (step === "asking.awaitingSpreadsheet") return 2;
  return step === "asking.awaitingToken" ? 3 : null;
}

/** Where somebody stopped, whatever is shown now. */
const stepStoppedAt = (context: OnboardingContext): number =>
  context.email === null ? 1 : context.spreadsheetId === null || isSheetRefused(context) ? 2 : 3;

/** Whatever is true of the set-up now. */
export function connectScreen(product: ProductView, reader: Reader): Screen {
  const { onboarding } = product;
  if (onboarding === null) return preparingScreen(product, reader);
  const step = openStep(onboarding);
  if (step !== null) return questionScreen(product, onboarding, step, reader);
  const { step: state } = onboarding;
  if (state.startsWith("connecting")) return connectingScreen(product, onboarding, reader);
  if (state.startsWith("ready")) return readyScreen(product, onboarding, reader);
  switch (state.split(".")[0]) {
    case "resting":
      return stoppedScreen(product, onboarding, reader);
    case "retrying":
      return waitScreen(product, "connect-delayed", reader);
    case "needsAttention":
      return waitScreen(product, "connect-attention", reader);
    case "waitingForData":
      return waitScreen(product, "connect-waiting", reader);
    default:
      return pausedScreen(product, reader);
  }
}

const later = (product: ProductView, reader: Reader) =>
  labelled(reader, "button-later", { press: press("connectlater", product.code) });
/** Names the step that it leaves: pressed on the next screen it is another wish, not the same one with a nervous finger. */
const back = (product: ProductView, step: 2 | 3, reader: Reader) =>
  labelled(reader, "button-back", { press: press("connectback", `${product.code}.${step}`) });
const status = (product: ProductView, reader: Reader, style?: "primary") =>
  labelled(reader, "button-status", { press: press("status", product.code) }, style);

/** The answers so far, as they can be shown. */
const known = ({ email, spreadsheetId }: OnboardingContext, step: number, reader: Reader): string | null => {
  const lines = [
    step > 1 && email !== null ? text(reader, "connect-known-email", { email: maskEmail(email) }) : null,
    step > 2 && spreadsheetId !== null
      ? text(reader, "connect-known-sheet", { sheet: shortSheet(spreadsheetId) })
      : null,
  ].filter((line) => line !== null);
  return lines.length === 0 ? null : lines.join("\n");
};

/** Only the first question shows the promise: later ones are short. */
const promiseOf = ({ promise, context }: OnboardingView, reader: Reader): string | null =>
  promise === "running" && context.readyBy !== null
    ? text(reader, "connect-promise", { until: date(context.readyBy, reader) })
    : null;

function questionScreen(product: ProductView, onboarding: OnboardingView, step: 1 | 2 | 3, reader: Reader): Screen {
  const { context } = onboarding;
  return {
    kind: askingKind(product.code),
    text: paragraphs(
      problemText(product, context, reader),
      known(context, step, reader),
      [text(reader, "connect-title"), text(reader, `connect-step-${step}`)].join("\n"),
      question(product, context, step, reader),
      step === 1 ? promiseOf(onboarding, reader) : null,
    ),
    keyboard: keyboard(...questionButtons(product, context, step, reader)),
  };
}

function question(product: ProductView, context: OnboardingContext, step: 1 | 2 | 3, reader: Reader): string {
  if (step === 1) return text(reader, "connect-ask-email");
  if (step === 3) return text(reader, isTokenRenewal(context) ? "connect-ask-token-again" : "connect-ask-token");
  return product.robotEmail === null
    ? text(reader, "connect-ask-sheet")
    : text(reader, "connect-ask-sheet-shared", { robot: product.robotEmail });
}

function questionButtons(
  product: ProductView,
  context: OnboardingContext,
  step: 1 | 2 | 3,
  reader: Reader,
): (InlineKeyboardButton | null)[] {
  const { code } = product;
  const keep = (isThere: boolean) =>
    isThere ? labelled(reader, "button-keep", { press: press("connectkeep", code) }) : null;
  if (step === 1) return [keep(context.email !== null), later(product, reader)];
  if (step === 3) {
    return [
      labelled(reader, "button-token-help", { press: press("tokenhelp", code) }),
      back(product, step, reader),
      later(product, reader),
    ];
  }
  const isRefused =
    context.problem !== null && context.problem !== "spreadsheetConnected" && context.spreadsheetId !== null;
  return [
    product.robotEmail === null ? null : labelled(reader, "button-copy-robot", { copies: product.robotEmail }),
    isRefused ? labelled(reader, "button-check", { press: press("connectcheck", code) }, "primary") : null,
    keep(context.spreadsheetId !== null && !isRefused),
    back(product, step, reader),
    later(product, reader),
  ];
}

/** The backend's turn; where that takes too long, what we do about it. */
function connectingScreen(product: ProductView, onboarding: OnboardingView, reader: Reader): Screen {
  switch (onboarding.context.problem) {
    case "unavailable":
      return waitScreen(product, "connect-delayed", reader);
    case "refused":
      // It only waits for its turn: there is nothing to ask again.
      return waitScreen(product, "connect-attention", reader, { canAsk: false });
    default:
      return progressScreen(product, onboarding, reader);
  }
}

/** Row 9. One line per remote step: done, running, to come. */
function progressScreen(product: ProductView, { context }: OnboardingView, reader: Reader): Screen {
  const line = (id: string, reached: Progress, runs: Progress) => {
    const mark = hasReached(context, reached) ? "done" : hasReached(context, runs) ? "runs" : "waits";
    return text(reader, `connect-mark-${mark}`, { what: nested(reader, id) });
  };
  return {
    kind: progressKind(product.code),
    text: paragraphs(
      text(reader, "connect-title"),
      text(reader, context.isTokenMessageLeft ? "connect-token-taken-left" : "connect-token-taken"),
      [
        line("connect-step-registering", "registered", "nothing"),
        line("connect-step-adding", "tokenAdded", "registered"),
        line("connect-step-verifying", "verified", "tokenAdded"),
        line("connect-step-loading", "collected", "verified"),
      ].join("\n"),
      tokenWarning(context, reader),
      text(reader, "connect-nothing-to-do"),
    ),
    keyboard: keyboard(status(product, reader)),
  };
}

const tokenWarning = ({ tokenWarning: warning }: OnboardingContext, reader: Reader): string | null =>
  warning === null ? null : text(reader, `connect-warning-${warning.replaceAll("_", "-")}`);

function readyScreen(product: ProductView, { context }: OnboardingView, reader: Reader): Screen {
  const { code } = product;
  const { connections, sheetsAllowed } = context;
  const newest = connections.at(-1) ?? null;
  const refreshMs = product.subscription?.terms?.connect?.refreshMs ?? null;
  const readyBy = refreshMs === null || newest === null ? null : newest.connectedAt + refreshMs;
  const many = connections.length > 1;
  return {
    kind: readyKind(code),
    text: paragraphs(
      text(reader, "connect-ready"),
      readyBy === null || readyBy <= reader.nowMs
        ? text(reader, "connect-ready-soon")
        : text(reader, "connect-ready-by", { time: date(readyBy, reader) }),
      tokenWarning(context, reader),
      context.isTokenMessageLeft ? text(reader, "connect-token-left") : null,
    ),
    keyboard: keyboard(
      ...connections.map(({ spreadsheetId }, index) =>
        many
          ? labelled(reader, "button-open-sheet-numbered", { url: sheetUrl(spreadsheetId) }, "primary", {
              n: index + 1,
            })
          : labelled(reader, "button-open-sheet", { url: sheetUrl(spreadsheetId) }, "primary"),
      ),
      connections.length < sheetsAllowed
        ? labelled(reader, "button-add-sheet", { press: press("addsheet", code) })
        : null,
      ...connections.map((_, index) => renewTokenButton(product, index, many, reader)),
      status(product, reader),
    ),
  };
}

const renewTokenButton = (product: ProductView, index: number, many: boolean, reader: Reader, isUrgent = false) =>
  labelled(
    reader,
    many ? "button-new-token-numbered" : "button-new-token",
    { press: press("retoken", `${product.code}.${index}`) },
    isUrgent ? "primary" : undefined,
    many ? { n: index + 1 } : {},
  );

/** U11. */
export function stoppedScreen(product: ProductView, { context }: OnboardingView, reader: Reader): Screen {
  const { code } = product;
  return {
    kind: `connectStopped:${code}`,
    text: paragraphs(
      text(reader, "connect-stopped", { n: stepStoppedAt(context) }),
      context.email === null ? null : text(reader, "connect-known-email", { email: maskEmail(context.email) }),
    ),
    keyboard: keyboard(
      labelled(reader, "button-continue", { press: press("connect", code) }, "primary"),
      labelled(reader, "button-start-over", { press: press("connectrestart", code) }),
      labelled(reader, "button-mute", { press: press("connectquiet", code) }),
    ),
  };
}

const waitScreen = (
  product: ProductView,
  id: "connect-delayed" | "connect-attention" | "connect-waiting",
  reader: Reader,
  { canAsk = id !== "connect-delayed" }: { readonly canAsk?: boolean } = {},
): Screen => ({
  kind: progressKind(product.code),
  text: text(reader, id),
  keyboard: keyboard(
    canAsk ? labelled(reader, "button-check", { press: press("connectcheck", product.code) }, "primary") : null,
    canAsk ? labelled(reader, "button-start-over", { press: press("connectrestart", product.code) }) : null,
    id === "connect-attention" ? labelled(reader, "button-support", { press: press("support") }) : null,
    status(product, reader),
  ),
});

const preparingScreen = (product: ProductView, reader: Reader): Screen => ({
  kind: progressKind(product.code),
  text: text(reader, "connect-preparing"),
  keyboard: keyboard(
    labelled(reader, "button-continue", { press: press("connect", product.code) }, "primary"),
    status(product, reader),
  ),
});

const pausedScreen = (product: ProductView, reader: Reader): Screen => ({
  kind: `connectPaused:${product.code}`,
  text: text(reader, "connect-paused"),
  keyboard: keyboard(status(product, reader, "primary")),
});

export const tokenHelpScreen = (product: ProductView, reader: Reader): Screen => ({
  kind: askingKind(product.code),
  text: text(reader, "connect-token-help"),
  keyboard: keyboard(labelled(reader, "button-back", { press: press("connect", product.code) })),
});

export const quietScreen = (product: ProductView, reader: Reader): Screen => ({
  kind: `connectStopped:${product.code}`,
  text: text(reader, "connect-quiet"),
  keyboard: keyboard(
    labelled(reader, "button-continue", { press: press("connect", product.code) }),
    status(product, reader),
  ),
});

/** What can be connected, when there are several. */
export const connectListScreen = (products: readonly ProductView[], reader: Reader): Screen => ({
  kind: "connectList",
  text: text(reader, "connect-list"),
  keyboard: keyboard(
    ...products.map((product) => button(titleOf(product, reader), { press: press("connect", product.code) })),
    labelled(reader, "button-back", { press: press("home") }),
  ),
});

export function tokenExpiringScreen(product: ProductView, connection: Connection, reader: Reader): Screen {
  const connections = product.onboarding?.context.connections ?? [];
  const index = Math.max(
    0,
    connections.findIndex(({ spreadsheetId }) => spreadsheetId === connection.spreadsheetId),
  );
  const leftMs = connection.tokenExpiresAt - reader.nowMs;
  const vars = { sheet: shortSheet(connection.spreadsheetId), until: date(connection.tokenExpiresAt, reader) };
  return {
    kind: "tokenExpiring",
    text:
      leftMs > 0
        ? text(reader, "token-expiring", { ...vars, left: lengthOf(leftMs, reader.language) })
        : text(reader, "token-expired", vars),
    keyboard: keyboard(
      renewTokenButton(product, index, connections.length > 1, reader, true),
      labelled(reader, "button-token-help", { press: press("tokenhelp", product.code) }),
    ),
  };
}

/** What of the set-up belongs under other screens: the way to it, or to the spreadsheet. */
export function connectButton(product: ProductView, reader: Reader): InlineKeyboardButton | null {
  if (!product.isConnectable || !product.entitled) return null;
  const { onboarding, code } = product;
  const way = { press: press("connect", code) } as const;
  if (onboarding?.step.startsWith("ready")) return labelled(reader, "button-product", way);
  const isBegun = onboarding !== null && (onboarding.context.email !== null || openStep(onboarding) === null);
  return labelled(reader, isBegun ? "button-connect-on" : "button-connect", way, "primary");
}

/** Whether there is still something to connect. */
export const isUnconnected = (product: ProductView): boolean =>
  product.isConnectable && product.entitled && !(product.onboarding?.step.startsWith("ready") ?? false);

export const connectable = (view: SubscriberView): readonly ProductView[] =>
  view.products.filter((product) => product.isConnectable && product.entitled);

/** The connection that a reminder is about; null when it is not there any more, or its token is new. */
export function expiringConnection(product: ProductView, spreadsheetId: string, until: number): Connection | null {
  const context = product.onboarding?.context;
  if (context === undefined || !isConnected(context, spreadsheetId)) return null;
  const next = nextToExpire(context);
  return next?.spreadsheetId === spreadsheetId && next.tokenExpiresAt === until ? next : null;
}

/** The current screen below the words about what was typed. */
export const answered = (sentence: string, product: ProductView, reader: Reader): Screen =>
  below(sentence, connectScreen(product, reader));
