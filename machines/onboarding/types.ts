import { z } from "zod";
import { event, Staff } from "../event.ts";
import { Policy } from "../terms.ts";

/** The contract's own rule for spreadsheet ids; addresses are turned into ids at the edge. */
export const SpreadsheetId = z.string().regex(/^(?!2PACX-)[A-Za-z0-9_-]{20,128}$/, "expected a spreadsheet id");

/** Names what the customer sent, so that the same once more is known as such. */
const answer = z.string().min(1).max(64);

/** What a token that is taken has against it, as the contract names it. */
export const TOKEN_WARNINGS = ["write_access", "expires_soon", "basic_token"] as const;
export type TokenWarning = (typeof TOKEN_WARNINGS)[number];

export const OnboardingEvent = z.discriminatedUnion("type", [
  /** From the subscription. An announcement older than the one known changes nothing. */
  event("access.changed", {
    entitled: z.boolean(),
    version: z.int().nonnegative(),
    /** When access began or ended there. Epoch ms. */
    since: z.int(),
    /** The plan's promise from payment to a working product; null: none. */
    readyMs: z.int().positive().nullable(),
    /** Spreadsheets that the plan connects. */
    sheets: z.int().positive().max(20),
    reminderHours: Policy.shape.reminderHours,
  }),

  /** From the customer, by the bot, which has checked the form of each. */
  event("connect.opened", {}),
  event("email.given", { answer, email: z.string().min(3).max(254) }),
  event("spreadsheet.given", { answer, spreadsheetId: SpreadsheetId }),
  /** The token itself lies sealed in the secret store, under this reference. */
  event("token.given", {
    answer,
    ref: z.string().min(1).max(64),
    /** The seller. */
    sid: z.string().min(1).max(64),
    /** Epoch ms. */
    expiresAt: z.int().positive(),
    /** The chat still shows it: the bot could not delete the message. */
    isMessageLeft: z.boolean(),
    /** What the customer should know about it; null: nothing. */
    warning: z.enum(TOKEN_WARNINGS).nullable(),
  }),
  event("step.back", {}),
  /** Go on with the answer that was given before. */
  event("step.kept", {}),
  event("check.requested", {}),
  event("onboarding.restarted", {}),
  event("spreadsheet.requested", {}),
  event("token.requested", { spreadsheetId: SpreadsheetId }),
  event("reminders.muted", {}),

  /** From the erasure that the customer actor asked for. */
  event("person.erased", {}),

  /** Staff. */
  event("onboarding.retried", Staff),
]);
export type OnboardingEvent = z.infer<typeof OnboardingEvent>;

/** How far the backend has come with the spreadsheet in hand. Each includes those before. */
export const PROGRESS = ["nothing", "registered", "tokenAdded", "verified", "refreshed", "collected"] as const;
export type Progress = (typeof PROGRESS)[number];

/** Why the customer is asked again, or why we wait. Codes for texts; `tokenRefused:` is followed by the backend's reason. */
export type Problem =
  | "spreadsheetUnknown"
  | "spreadsheetClosed"
  | "spreadsheetTaken"
  | "spreadsheetConnected"
  | "tokenNotActive"
  | "tokenLost"
  | `tokenRefused:${string}`
  | "unavailable"
  | "refused"
  | "noData";

export interface Connection {
  readonly spreadsheetId: string;
  readonly sid: string;
  /** End of the token's life, epoch ms. */
  readonly tokenExpiresAt: number;
  /** Epoch ms. */
  readonly connectedAt: number;
}

export interface OnboardingContext {
  readonly userId: number;
  readonly product: string;

  readonly entitled: boolean;
  readonly accessVersion: number;
  readonly sheetsAllowed: number;
  readonly reminderHours: z.infer<typeof Policy.shape.reminderHours>;

  readonly email: string | null;
  /** Spreadsheets that work, in the order of connecting. */
  readonly connections: readonly Connection[];

  /** A spreadsheet is being connected, or waits for its turn. */
  readonly isConnecting: boolean;
  readonly spreadsheetId: string | null;
  /** Sealed, until the backend has it. */
  readonly token: { readonly ref: string } | null;
  readonly sid: string | null;
  readonly tokenExpiresAt: number | null;
  /** The customer has to delete the message with the token by hand. */
  readonly isTokenMessageLeft: boolean;
  /** Told until the customer has seen the result. */
  readonly tokenWarning: TokenWarning | null;
  readonly progress: Progress;
  /** Counts what was asked of the backend anew: part of the idempotency keys. Repetitions of the same wish keep it. */
  readonly intent: number;
  /** The backend lost sight of the spreadsheet, and it was registered once more. */
  readonly wasReregistered: boolean;
  readonly jobId: string | null;
  /** Rows that the backend says it collected. */
  readonly storedRows: number;
  /** Until when the first rows are waited for in front of the screen, epoch ms. */
  readonly dataBy: number | null;

  readonly problem: Problem | null;
  /** Rounds in a row in which the backend could not be reached. */
  readonly failures: number;
  /** People were told that they are needed, and nothing has worked since. */
  readonly hasTicket: boolean;

  readonly nudgesSent: number;
  /** Name of the answer that was taken last. */
  readonly lastAnswer: string | null;
  /** When the customer did something last, epoch ms. */
  readonly answeredAt: number;
  readonly nextNudgeAt: number | null;
  /** Next reminder that a token expires, epoch ms. */
  readonly nextTokenReminderAt: number | null;

  /** When the plan's promise began, and until when it holds; null without one. Epoch ms. */
  readonly promisedFrom: number | null;
  readonly readyBy: number | null;
  /** Epoch ms; null before the first time. */
  readonly readyAt: number | null;
}
