// What Telegram said last about a person in a chat, as the invite's history tells it. Pure.
import { z } from "zod";
import { Membership } from "../../../machines/invite/types.ts";
import type { AuditEntry } from "../../runtime/ports.ts";
import { isIn, stateOf } from "../look.ts";
import type { Trail } from "./case.ts";

export interface Sighting {
  readonly membership: Membership;
  readonly entry: AuditEntry;
}

const Output = z.object({ output: z.object({ result: z.string(), membership: Membership }).partial() });

/** What a call of ours found out by the way. */
const RESULTS: Readonly<Record<string, Membership>> = {
  alreadyMember: "member",
  approved: "member",
  bannedByOther: "kicked",
  removed: "left",
  notMember: "left",
  untouchable: "administrator",
};

function saidBy({ event }: AuditEntry): Membership | null {
  switch (event.type) {
    case "member.joined":
      return "member";
    case "member.left":
      return "left";
    case "member.removed":
      return "kicked";
    case "membership.seen":
      return Membership.safeParse(event.membership).data ?? null;
    default: {
      if (!event.type.startsWith("xstate.done.actor.")) return null;
      const output = Output.safeParse(event).data?.output;
      return output?.membership ?? RESULTS[output?.result ?? ""] ?? null;
    }
  }
}

export function lastSighting(entries: readonly AuditEntry[]): Sighting | null {
  for (const entry of entries) {
    const membership = saidBy(entry);
    if (membership !== null) return { membership, entry };
  }
  return null;
}

const INSIDE: readonly Membership[] = ["member", "administrator", "owner"];

/** Whether the person is in the chat, as far as is known. */
export function isInside(invite: Trail): boolean {
  if (invite.view === null) return false;
  const state = stateOf(invite.view);
  if (isIn(state, "member") || isIn(state, "removing")) return true;
  const seen = isIn(state, "unknown") ? lastSighting(invite.entries) : null;
  return seen !== null && INSIDE.includes(seen.membership);
}
