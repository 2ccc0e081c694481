// Everything that "why?" looks at, read at one moment: what a chat has to do with one person. Data only.
import type { ActorAddress } from "../../../machines/address.ts";
import type { EntitlementFacts } from "../../../machines/entitlement.ts";
import type { Terms } from "../../../machines/terms.ts";
import type { ActorView, AuditEntry } from "../../runtime/ports.ts";

/** Something that an actor asked for, and how far it is. */
export interface Call {
  readonly effectId: string;
  /** As the history names it: `invoke createInvite`, `tell invite/… entitlement.changed`, `notifyCustomer invite.ready`. */
  readonly name: string;
  /** The entry of the history that asked for it. */
  readonly entry: AuditEntry;
  readonly state: "done" | "waiting" | "failed";
  /** Tries so far, and what the last one ended with, while it waits or where it was given up. */
  readonly attempts: number | null;
  readonly error: string | null;
}

/** An actor with its latest history. */
export interface Trail {
  readonly address: ActorAddress;
  /** null: there is none, or it cannot be read. */
  readonly view: ActorView | null;
  /** Newest first. */
  readonly entries: readonly AuditEntry[];
  /** Newest first. */
  readonly calls: readonly Call[];
}

export interface SubscriptionTrail extends Trail {
  readonly view: ActorView;
  readonly facts: EntitlementFacts;
}

export interface PaymentTrail extends Trail {
  readonly view: ActorView;
  /** Of its order, where one was found: what a quarantined charge could be accepted for. */
  readonly offered: unknown;
  /** Without an order: plans on sale that cost exactly that. */
  readonly fitting: readonly Terms[];
}

export interface ChatCase {
  readonly userId: number;
  readonly chatId: string;
  /** Epoch ms. */
  readonly now: number;
  /** The product that the chat is sold with today; null: with none. */
  readonly productOnSale: string | null;
  readonly customer: ActorView | null;
  /** Newest first. */
  readonly customerEntries: readonly AuditEntry[];
  readonly channel: ActorView | null;
  /** Those whose terms hold the chat. */
  readonly subscriptions: readonly SubscriptionTrail[];
  /** Those that bought the chat, or were meant to; newest first. */
  readonly payments: readonly PaymentTrail[];
  /** Set-ups of the products that come with the chat. */
  readonly onboardings: readonly ActorView[];
  readonly invite: Trail;
}
