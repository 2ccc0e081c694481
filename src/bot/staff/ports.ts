// What the staff chat needs from the rest of the service, and what its messages stand for.
import { z } from "zod";
import { ActorAddress } from "../../../machines/address.ts";
import type { Hit, Why } from "../../support/answers/people.ts";
import type { Brief } from "../../support/brief.ts";
import type { StaffMember } from "../../support/staff.ts";
import type { StaffDesk } from "../../support/staff-desk.ts";

/** What a message of the bot's in the staff chat stands for: its buttons, and replies to it, are about this. */
export const Card = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("ticket"), ticketId: z.string() }),
  z.object({ kind: z.literal("list"), ticketIds: z.array(z.string()) }),
  /** An answer that was written and not sent yet. */
  z.object({ kind: z.literal("draft"), ticketId: z.string(), text: z.string(), key: z.string(), by: z.int() }),
  /** A command that was previewed and not confirmed yet. */
  z.object({
    kind: z.literal("order"),
    address: ActorAddress,
    event: z.looseObject({ type: z.string() }),
    reason: z.string(),
    key: z.string(),
    expectedSeq: z.int(),
    planHash: z.string(),
    by: z.int(),
  }),
  z.object({ kind: z.literal("approval"), approvalId: z.string() }),
]);
export type Card = z.infer<typeof Card>;

/** By the message's number in the staff chat. Drafts and commands are kept for a day, others for 30 days. */
export interface CardStore {
  /** @throws AppError redis.unreachable */
  put(messageId: number, card: Card): Promise<void>;
  /** @throws AppError redis.unreachable */
  read(messageId: number): Promise<Card | null>;
  /** @throws AppError redis.unreachable */
  drop(messageId: number): Promise<void>;
}

/** Somebody of the staff, by their Telegram account. */
export interface ListedMember extends StaffMember {
  readonly userId: number;
}

/** Each function throws AppError redis.unreachable. */
export interface StaffRoom {
  readonly members: readonly ListedMember[];
  readonly cards: CardStore;
  readonly desk: StaffDesk;
  readonly find: (text: string) => Promise<readonly Hit[]>;
  readonly brief: (userId: number) => Promise<Brief | null>;
  readonly why: (userId: number) => Promise<Why>;
}
