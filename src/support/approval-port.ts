// What waits for a second person, as it is kept, and where.
import { z } from "zod";
import { ActorAddress } from "../../machines/address.ts";
import { ADMIN_ROLES } from "../environment.ts";

const Event = z.looseObject({ type: z.string() });

/** What is carried out when somebody approves. */
export const Deed = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("event"),
    address: ActorAddress,
    event: Event,
    /** Sequence number of the actor's newest event when it was asked for: it is carried out on that actor or not at all. */
    expectedSeq: z.int().nonnegative(),
  }),
  z.object({ kind: z.literal("bulk"), bulkId: z.string(), event: Event, count: z.int() }),
]);
export type Deed = z.infer<typeof Deed>;

export const KeptApproval = z.object({
  id: z.string(),
  title: z.string(),
  deed: Deed,
  reason: z.string(),
  askedBy: z.string(),
  askedRole: z.enum(ADMIN_ROLES),
  /** Epoch ms. */
  askedAt: z.int(),
  /** Epoch ms. */
  endsAt: z.int(),
  /** `overtaken`: approved, but the actor had moved on, so nothing was done. */
  state: z.enum(["waiting", "approved", "refused", "overtaken"]),
  decidedBy: z.string().nullable(),
  /** Epoch ms. */
  decidedAt: z.int().nullable(),
  note: z.string().nullable(),
});
export type KeptApproval = z.infer<typeof KeptApproval>;

/** Kept for 30 days after their end. */
export interface ApprovalStore {
  /** @returns what is kept under this id: the given one, or the one that was there before. @throws AppError redis.unreachable */
  put(approval: KeptApproval): Promise<KeptApproval>;
  /** @throws AppError redis.unreachable */
  read(id: string): Promise<KeptApproval | null>;
  /** @returns false when somebody else has changed it meanwhile. @throws AppError redis.unreachable */
  replace(before: KeptApproval, after: KeptApproval): Promise<boolean>;
  /** Newest first. @throws AppError redis.unreachable */
  list(): Promise<readonly KeptApproval[]>;
}
