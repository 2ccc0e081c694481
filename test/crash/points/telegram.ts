// Telegram as a round of crashes needs it: what it remembers survives every death of the service.
import { makeEntitlementReader } from "../../../src/effects/read-entitlement.ts";
import type { EffectTable, InvocationTable } from "../../../src/effects/table.ts";
import type { Actors, Clock } from "../../../src/runtime/ports.ts";
import { noInvocations, noOutsideEffects } from "../../support/no-outside.ts";
import type { Life } from "./life.ts";

export class TelegramBooks {
  readonly inside = new Set<number>();
  /** Newest link of each person. */
  readonly links = new Map<number, string>();
  /** How often each notice went to each person. */
  readonly notices = new Map<string, number>();
  /** Told of a link; people answer it with a join request. */
  onLink: (userId: number) => void = () => {};
  onJoined: (userId: number) => void = () => {};

  /** Executors of one life: each call can be its last step, before or after it is carried out. */
  effects(life: Life): Partial<EffectTable> {
    const sent = (name: string) =>
      life.pass("call.sendMessage", async () => {
        this.notices.set(name, (this.notices.get(name) ?? 0) + 1);
      });
    return {
      ...noOutsideEffects,
      notifyCustomer: ({ userId, notice }) => sent(`${userId} ${notice}`),
      notifyStaff: ({ notice }) => sent(`staff ${notice}`),
      declineJoinRequest: async () => {},
      revokeInviteLink: async () => {},
      stopOldRenewal: async () => {},
    };
  }

  invocations(life: Life, actors: Pick<Actors, "read">, clock: Clock): InvocationTable {
    const isEntitled = makeEntitlementReader(actors, clock);
    return {
      ...noInvocations,
      createInvite: async ({ userId, chatId, expiresAt }) => {
        if (!(await isEntitled(userId, chatId))) return { result: "notEntitled" };
        return life.pass("call.createInvite", async () => {
          if (this.inside.has(userId)) return { result: "alreadyMember", untouchable: false };
          const url = `https://t.me/+link${userId}`;
          const isNew = !this.links.has(userId);
          this.links.set(userId, url);
          if (isNew) this.onLink(userId);
          return { result: "link", url, expiresAt };
        });
      },
      approveJoinRequest: async ({ userId, chatId }) => {
        if (!(await isEntitled(userId, chatId))) return { result: "notEntitled" };
        return life.pass("call.approveJoinRequest", async () => {
          if (this.inside.has(userId)) return { result: "alreadyMember" };
          this.inside.add(userId);
          this.onJoined(userId);
          return { result: "approved" };
        });
      },
      removeMember: async ({ userId, chatId }) => {
        if (await isEntitled(userId, chatId)) return { result: "entitled" };
        return life.pass("call.removeMember", async () => {
          return { result: this.inside.delete(userId) ? "removed" : "notMember" };
        });
      },
      checkMembership: ({ userId }) =>
        life.pass("call.checkMembership", async () => ({ membership: this.inside.has(userId) ? "member" : "left" })),
    };
  }
}
