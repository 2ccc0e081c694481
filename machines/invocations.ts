import { fromPromise } from "xstate";
import { z } from "zod";
import { ActorAddress, ChatId, UserId } from "./address.ts";
import { ChannelRights } from "./channel/types.ts";
import { Membership } from "./invite/types.ts";
import { SpreadsheetId } from "./onboarding/types.ts";

const Member = { chatId: ChatId, userId: UserId } as const;

/** `key`: what is meant, the same for every repetition. */
const Asked = { key: z.string().min(1).max(200), spreadsheetId: SpreadsheetId } as const;
/** The backend has lost sight of the spreadsheet: it is to be registered again. */
const Inactive = z.object({ result: z.literal("inactive") });
const Day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);

/** Work whose outcome a machine waits for: `invoke.src` → what goes in and what comes back. */
export const invocations = {
  /** Make it possible to come in: membership first, then an open join request, then a link. */
  createInvite: {
    input: z.object({
      ...Member,
      access: z.enum(["joinRequest", "oneUseLink"]),
      /** Epoch ms. */
      expiresAt: z.int(),
    }),
    output: z.discriminatedUnion("result", [
      z.object({ result: z.literal("link"), url: z.string().min(1), expiresAt: z.int() }),
      z.object({ result: z.literal("alreadyMember"), untouchable: z.boolean() }),
      /** Entitlement is read again at that moment: nobody gets a link for what they may not use. */
      z.object({ result: z.literal("notEntitled") }),
      /** Somebody else banned the person for good; we do not undo what people decided. */
      z.object({ result: z.literal("bannedByOther") }),
    ]),
  },
  /** Approve a join request; entitlement is read again at that moment. `gone`: no such request any more. */
  approveJoinRequest: {
    input: z.object({ ...Member }),
    output: z.object({ result: z.enum(["approved", "alreadyMember", "gone", "notEntitled", "tooManyChats"]) }),
  },
  /** Put a person out and make sure; entitlement and the breaker are asked at that moment. */
  removeMember: {
    input: z.object({ ...Member, link: z.string().nullable() }),
    output: z.object({
      result: z.enum(["removed", "notMember", "untouchable", "entitled", "held", "channelUnavailable"]),
    }),
  },
  checkMembership: { input: z.object({ ...Member }), output: z.object({ membership: Membership }) },
  /** `alreadyRefunded` counts as done. */
  refundCharge: {
    input: z.object({
      userId: UserId,
      chargeId: z.string(),
      currency: z.string(),
      stopRenewalOf: z.string().nullable(),
    }),
    output: z.object({ result: z.enum(["refunded", "alreadyRefunded"]) }),
  },
  /** Stop the renewal at the provider, or allow the customer to switch it on again. `chargeId`: the first one. */
  editStarSubscription: {
    input: z.object({ userId: UserId, chargeId: z.string(), canceled: z.boolean() }),
    output: z.object({ result: z.enum(["done", "unknownCharge"]) }),
  },
  inspectChannel: { input: z.object({ chatId: ChatId }), output: z.object({ rights: ChannelRights }) },

  /** Make a spreadsheet known to the product backend. `closed`: it is not shared with the product's robot. */
  registerSpreadsheet: {
    input: z.object({ ...Asked, email: z.string() }),
    output: z.object({ result: z.enum(["registered", "unknown", "closed", "taken"]) }),
  },
  /** Hand the sealed token over. `lost`: the secret store has it no more. */
  addToken: {
    input: z.object({ ...Asked, email: z.string(), owner: ActorAddress, ref: z.string() }),
    output: z.discriminatedUnion("result", [
      /** `expiresAt` null: the backend does not say. */
      z.object({ result: z.literal("added"), sid: z.string(), expiresAt: z.int().nullable() }),
      z.object({ result: z.literal("refused"), reason: z.string().max(64) }),
      z.object({ result: z.literal("lost") }),
      Inactive,
    ]),
  },
  verifyToken: {
    input: z.object({ spreadsheetId: SpreadsheetId, sid: z.string() }),
    output: z.object({ result: z.enum(["active", "notActive", "inactive"]) }),
  },
  requestRefresh: {
    input: z.object({ ...Asked }),
    output: z.object({ result: z.enum(["accepted", "inactive"]) }),
  },
  /** Days in Moscow time, both included. `rows`: how many the backend stored. */
  startCollection: {
    input: z.object({ ...Asked, dateFrom: Day, dateTo: Day }),
    output: z.discriminatedUnion("result", [
      z.object({ result: z.literal("stored"), rows: z.int().nonnegative() }),
      z.object({ result: z.literal("queued"), jobId: z.string() }),
      Inactive,
    ]),
  },
  /** `gone`: nobody knows the job any more. */
  readJob: {
    input: z.object({ jobId: z.string() }),
    output: z.object({ state: z.enum(["running", "done", "failed", "gone"]) }),
  },
  /** `unsupported`: this backend cannot show what it stored. */
  readRows: {
    input: z.object({ spreadsheetId: SpreadsheetId, day: Day }),
    output: z.discriminatedUnion("result", [
      z.object({ result: z.literal("rows"), rows: z.int().nonnegative() }),
      z.object({ result: z.literal("unsupported") }),
      Inactive,
    ]),
  },
  /**
   * Tell the backend from which side a scope is served. `stale`: it has a later decision. `unsupported`: it has no such call, its operator
   * switches by hand.
   */
  setDatasetSource: {
    input: z.object({
      dataset: z.string().min(1).max(64),
      spreadsheetId: SpreadsheetId,
      side: z.enum(["upstream", "local"]),
      reason: z.string().max(64),
      decisionId: z.string().min(8).max(120),
      /** Epoch ms. */
      decidedAt: z.int(),
    }),
    output: z.object({ result: z.enum(["applied", "stale", "unsupported", "inactive"]) }),
  },
} as const satisfies Record<string, { input: z.ZodType; output: z.ZodType }>;

export type Invocations = typeof invocations;
export type InvocationName = keyof Invocations;
export type InvocationInput<K extends InvocationName> = z.infer<Invocations[K]["input"]>;
export type InvocationOutput<K extends InvocationName> = z.infer<Invocations[K]["output"]>;

/**
 * Names work for `setup({ actors })`. Its logic never runs here: the runtime stores the input as an effect, an executor
 * does the work, and the outcome comes back as `xstate.done.actor.<id>` or `xstate.error.actor.<id>`.
 */
export function declareInvocation<K extends InvocationName>(name: K) {
  return fromPromise<InvocationOutput<K>, InvocationInput<K>>(() => {
    throw new Error(`${name} is carried out by an executor, not by the machine`);
  });
}

/** What a machine hears when the last try failed. */
export const InvocationFailure = z.object({ code: z.string(), final: z.boolean() });
export type InvocationFailure = z.infer<typeof InvocationFailure>;
