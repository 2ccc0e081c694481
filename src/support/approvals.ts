// Two persons for what is too much for one: somebody asks, somebody else approves, and then it is done, once.
import { createHash } from "node:crypto";
import { AppError, isAppError } from "../errors.ts";
import type { Clock, SendResult } from "../runtime/ports.ts";
import { meaningOf as eventMeaning, keyReused } from "../runtime/same-event.ts";
import type { SamePerson } from "../staff-aliases.ts";
import type { Approval, BulkDone } from "./answers/people.ts";
import type { ApprovalStore, Deed, KeptApproval } from "./approval-port.ts";
import { demand, mayDo, type StaffMember } from "./staff.ts";

/** Unit: milliseconds. */
const APPROVAL_ENDS_AFTER_MS = 24 * 3_600_000;

/** What was done in consequence. */
export type Carried = { readonly sent: SendResult } | { readonly done: BulkDone };

/** How a deed is done. Repeating it does nothing twice. */
export interface CarryOut {
  /** @throws AppError actor.staleRevision when the actor moved on: then nothing was done */
  event(deed: Extract<Deed, { kind: "event" }>, order: Order): Promise<SendResult>;
  bulk(deed: Extract<Deed, { kind: "bulk" }>, order: Order): Promise<BulkDone>;
}

/** In whose name, and why: both names are on record. */
export interface Order {
  readonly id: string;
  readonly by: string;
  readonly reason: string;
}

export interface Asked {
  readonly member: StaffMember;
  readonly deed: Deed;
  readonly title: string;
  readonly reason: string;
  /** The command's own: asking again is the same request. */
  readonly idempotencyKey: string;
}

export interface Approvals {
  /** @throws AppError command.keyReused */
  ask(asked: Asked): Promise<Approval>;
  /** What was asked for under this key before. */
  askedBefore(member: StaffMember, idempotencyKey: string): Promise<Approval | null>;
  /** Newest first, decided ones included. */
  list(): Promise<readonly Approval[]>;
  read(id: string): Promise<Approval | null>;
  /**
   * Approves and carries out; again by the same person, it is carried out once all the same.
   * @throws AppError approval.notFound, approval.own, approval.decided, approval.expired, http.forbidden, and what the deed throws
   */
  approve(
    id: string,
    member: StaffMember,
    note: string,
  ): Promise<{ readonly approval: Approval; readonly carried: Carried }>;
  /** Also by whoever asked, who thinks better of it. @throws AppError approval.notFound, approval.decided, approval.expired, http.forbidden */
  refuse(id: string, member: StaffMember, note: string): Promise<Approval>;
}

export interface ApprovalsDeps {
  readonly store: ApprovalStore;
  readonly clock: Clock;
  readonly carryOut: CarryOut;
  readonly isSamePerson: SamePerson;
}

export function makeApprovals({ store, clock, carryOut, isSamePerson }: ApprovalsDeps): Approvals {
  const shown = (kept: KeptApproval): Approval => toAnswer(kept, clock.now());
  const existing = async (id: string): Promise<KeptApproval> => {
    const kept = await store.read(id);
    if (!kept) throw new AppError("approval.notFound");
    return kept;
  };
  const decide = async (
    kept: KeptApproval,
    state: "approved" | "refused",
    member: StaffMember,
    note: string,
  ): Promise<KeptApproval> => {
    const at = clock.now();
    if (kept.state === "overtaken" || (kept.state === "waiting" && kept.endsAt <= at))
      throw new AppError("approval.expired");
    if (kept.state === state && kept.decidedBy === member.name) return kept;
    if (kept.state !== "waiting") throw new AppError("approval.decided");
    const after: KeptApproval = { ...kept, state, decidedBy: member.name, decidedAt: at, note };
    if (!(await store.replace(kept, after))) throw new AppError("approval.decided");
    return after;
  };
  const carry = async (kept: KeptApproval): Promise<Carried> => {
    const { id, deed, askedBy, reason, decidedBy, note } = kept;
    const order: Order = { id, by: askedBy, reason: `${reason} (approved by ${decidedBy}: ${note})` };
    return deed.kind === "event"
      ? { sent: await carryOut.event(deed, order) }
      : { done: await carryOut.bulk(deed, order) };
  };

  return {
    async ask({ member, deed, title, reason, idempotencyKey }) {
      const askedAt = clock.now();
      const kept = await store.put({
        id: approvalId(member, idempotencyKey),
        ...{ title, deed, reason, askedBy: member.name, askedRole: member.role, askedAt },
        endsAt: askedAt + APPROVAL_ENDS_AFTER_MS,
        ...{ state: "waiting", decidedBy: null, decidedAt: null, note: null },
      });
      if (meaningOf(kept.deed) !== meaningOf(deed)) throw keyReused();
      return shown(kept);
    },
    async askedBefore(member, idempotencyKey) {
      const kept = await store.read(approvalId(member, idempotencyKey));
      return kept && shown(kept);
    },
    list: async () => (await store.list()).map(shown),
    async read(id) {
      const kept = await store.read(id);
      return kept && shown(kept);
    },
    async approve(id, member, note) {
      demand(member, "approvals");
      const kept = await existing(id);
      if (isSamePerson(kept.askedBy, member.name)) throw new AppError("approval.own");
      if (!mayDo(member.role, kept.askedRole)) throw forbidden(kept);
      const approved = await decide(kept, "approved", member, note);
      try {
        return { carried: await carry(approved), approval: shown(approved) };
      } catch (error) {
        if (!isAppError(error, "actor.staleRevision")) throw error;
        await store.replace(approved, { ...approved, state: "overtaken" });
        throw new AppError("approval.expired", { cause: error, details: error.details });
      }
    },
    async refuse(id, member, note) {
      demand(member, "approvals");
      const kept = await existing(id);
      if (!isSamePerson(kept.askedBy, member.name) && !mayDo(member.role, kept.askedRole)) throw forbidden(kept);
      return shown(await decide(kept, "refused", member, note));
    },
  };
}

const forbidden = ({ askedRole }: KeptApproval): AppError =>
  new AppError("http.forbidden", {
    details: { needs: askedRole, fields: [`id: needs the role ${askedRole}, which asked for it`] },
  });

/** The same command of the same person is the same request. */
const approvalId = ({ name }: StaffMember, key: string): string =>
  createHash("sha256").update(`${name} ${key}`).digest("hex").slice(0, 24);

/** What makes two commands the same, however far the actor has come between them. */
const meaningOf = (deed: Deed): string =>
  JSON.stringify(
    deed.kind === "event" ? [deed.address, eventMeaning(deed.event)] : [deed.bulkId, eventMeaning(deed.event)],
  );

function toAnswer(kept: KeptApproval, at: number): Approval {
  const { id, title, deed, reason, askedBy, askedRole, askedAt, endsAt, state, decidedBy, decidedAt, note } = kept;
  const isOver = state === "overtaken" || (state === "waiting" && endsAt <= at);
  return {
    ...{
      id,
      kind: deed.kind,
      title,
      event: deed.event,
      reason,
      askedBy,
      askedRole,
      askedAt,
      endsAt,
      decidedBy,
      decidedAt,
      note,
    },
    address: deed.kind === "event" ? deed.address : null,
    count: deed.kind === "event" ? 1 : deed.count,
    state: isOver ? "expired" : state,
  };
}
