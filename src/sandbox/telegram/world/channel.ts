// One channel: who is in it, who is banned and until when, what the bot may do, and the updates this causes.
import type { Chat, ChatInviteLink, ChatMember, ChatMemberAdministrator, ChatMemberOwner, User } from "@grammyjs/types";
import { badRequest, forbidden } from "../errors.ts";
import {
  ALL_RIGHTS,
  type ChannelRights,
  type InviteLinkRecord,
  type JoinRequestRecord,
  type MemberRecord,
} from "./channel-types.ts";
import { type DueItem, unixSeconds, type WorldContext } from "./context.ts";
import type { UserRecord, Users } from "./users.ts";

const MIN_BAN_MS = 30_000;
const MAX_BAN_MS = 366 * 86_400_000;

export interface MembershipChange {
  readonly by: User;
  readonly link?: ChatInviteLink;
  readonly viaJoinRequest?: boolean;
}

export class Channel {
  readonly id: number;
  readonly ownerId: number;
  title: string;
  readonly username: string | undefined;
  readonly hasProtectedContent: boolean;
  readonly links = new Map<string, InviteLinkRecord>();
  readonly requests = new Map<number, JoinRequestRecord>();
  readonly #members = new Map<number, MemberRecord>();
  #bot: MemberRecord = { status: "left" };
  #botWasEverIn = false;
  readonly #context: WorldContext;
  readonly #users: Users;

  constructor(
    context: WorldContext,
    users: Users,
    input: { id: number; title: string; username: string | undefined; owner: UserRecord; hasProtectedContent: boolean },
  ) {
    this.#context = context;
    this.#users = users;
    this.id = input.id;
    this.title = input.title;
    this.username = input.username;
    this.hasProtectedContent = input.hasProtectedContent;
    this.ownerId = input.owner.id;
    this.#members.set(input.owner.id, { status: "creator" });
  }

  view(): Chat.ChannelChat {
    return {
      id: this.id,
      title: this.title,
      ...(this.username === undefined ? {} : { username: this.username }),
      type: "channel",
    };
  }

  botUser(): User {
    const { id, is_bot, first_name, username } = this.#context.bot;
    return { id, is_bot, first_name, username };
  }

  // ---- the bot's own standing -------------------------------------------------------------------

  get botRights(): ChannelRights | null {
    return this.#bot.status === "administrator" ? this.#bot.rights : null;
  }

  get botStatus(): MemberRecord["status"] {
    return this.#bot.status;
  }

  /** Promotes, demotes, adds or removes the bot and tells it by `my_chat_member`. */
  setBot(next: MemberRecord, by: User): void {
    const before = this.#bot;
    this.#bot = next;
    if (next.status === "administrator" || next.status === "member") this.#botWasEverIn = true;
    this.#context.emit({
      my_chat_member: {
        chat: this.view(),
        from: by,
        date: unixSeconds(this.#context.clock),
        old_chat_member: this.#memberView(this.botUser(), before),
        new_chat_member: this.#memberView(this.botUser(), next),
      },
    });
  }

  /** @throws BotApiError when the bot is not in the channel (any more). */
  requireBotInside(): void {
    if (this.#bot.status === "kicked") throw forbidden("bot was kicked from the channel chat");
    if (this.#bot.status !== "left") return;
    throw this.#botWasEverIn ? forbidden("bot is not a member of the channel chat") : badRequest("chat not found");
  }

  /** @throws BotApiError with `refusal` when the bot lacks the right. */
  requireBotRight(right: keyof ChannelRights, refusal: string): void {
    this.requireBotInside();
    if (!this.botRights?.[right]) throw badRequest(refusal);
  }

  // ---- members ----------------------------------------------------------------------------------

  record(userId: number): MemberRecord {
    const record = this.#members.get(userId) ?? { status: "left" };
    const banIsOver =
      record.status === "kicked" && record.untilMs !== null && record.untilMs <= this.#context.clock.now();
    return banIsOver ? { status: "left" } : record;
  }

  isMember(userId: number): boolean {
    return ["creator", "administrator", "member"].includes(this.record(userId).status);
  }

  memberIds(): number[] {
    return [...this.#members.keys()].filter((id) => this.isMember(id));
  }

  /** People and the bot. */
  get memberCount(): number {
    return this.memberIds().length + (this.#bot.status === "administrator" || this.#bot.status === "member" ? 1 : 0);
  }

  membersVia(linkUrl: string): number {
    return this.memberIds().filter((id) => {
      const record = this.record(id);
      return record.status === "member" && record.viaLink === linkUrl;
    }).length;
  }

  viewOf(user: UserRecord): ChatMember {
    return this.#memberView(this.#users.view(user), this.record(user.id));
  }

  /** The own bot is always listed; `return_bots` is about other bots, of which this world has none. */
  administrators(): (ChatMemberOwner | ChatMemberAdministrator)[] {
    const people = this.memberIds().flatMap((id) => {
      const view = this.viewOf(this.#users.get(id));
      return view.status === "creator" || view.status === "administrator" ? [view] : [];
    });
    const bot = this.#memberView(this.botUser(), this.#bot);
    return bot.status === "administrator" ? [...people, bot] : people;
  }

  memberViewOfBot(): ChatMember {
    return this.#memberView(this.botUser(), this.#bot);
  }

  #memberView(user: User, record: MemberRecord): ChatMember {
    switch (record.status) {
      case "creator":
        return { status: "creator", user, is_anonymous: false };
      case "administrator":
        return { status: "administrator", user, can_be_edited: false, ...record.rights };
      case "member":
      case "left":
        return { status: record.status, user };
      case "kicked":
        return { status: "kicked", user, until_date: record.untilMs === null ? 0 : Math.floor(record.untilMs / 1000) };
    }
  }

  /** Changes one person's standing; the bot hears of it only while it is an administrator. */
  setMember(user: UserRecord, next: MemberRecord, change: MembershipChange): void {
    const before = this.viewOf(user);
    this.#members.set(user.id, next);
    if (next.status !== "left") this.requests.delete(user.id);
    if (this.#bot.status !== "administrator") return;
    this.#context.emit({
      chat_member: {
        chat: this.view(),
        from: change.by,
        date: unixSeconds(this.#context.clock),
        old_chat_member: before,
        new_chat_member: this.viewOf(user),
        ...(change.link ? { invite_link: change.link } : {}),
        ...(change.viaJoinRequest ? { via_join_request: true } : {}),
      },
    });
  }

  /** Members at creation: they were there before the bot, so no update tells of them. */
  seedMember(user: UserRecord, record: MemberRecord): void {
    this.#members.set(user.id, record);
    user.knownToBot = true;
  }

  /** @param untilDate Unix seconds; under 30 s or over 366 days ahead, 0 and absent mean for ever. */
  ban(user: UserRecord, untilDate: number | undefined, by: User): void {
    const status = this.record(user.id).status;
    if (status === "creator") throw badRequest("can't remove chat owner");
    if (status === "administrator" && by.id !== this.ownerId) throw badRequest("user is an administrator of the chat");
    const aheadMs = untilDate === undefined ? 0 : untilDate * 1000 - this.#context.clock.now();
    const untilMs = untilDate === undefined || aheadMs < MIN_BAN_MS || aheadMs > MAX_BAN_MS ? null : untilDate * 1000;
    const before = this.record(user.id);
    this.requests.delete(user.id);
    if (before.status === "kicked" && before.untilMs === untilMs) return;
    this.setMember(user, { status: "kicked", untilMs }, { by });
  }

  /** Unbans; without `onlyIfBanned` it also removes a member, which shows as a ban of 60 s and its end. */
  unban(user: UserRecord, onlyIfBanned: boolean, by: User): void {
    const { status } = this.record(user.id);
    if (status === "creator" && !onlyIfBanned) throw badRequest("can't remove chat owner");
    if (status === "administrator" && !onlyIfBanned) throw badRequest("user is an administrator of the chat");
    if (status === "member" && !onlyIfBanned) {
      const untilMs = (unixSeconds(this.#context.clock) + 60) * 1000;
      this.setMember(user, { status: "kicked", untilMs }, { by });
      this.setMember(user, { status: "left" }, { by });
    }
    if (status === "kicked") this.setMember(user, { status: "left" }, { by });
  }

  /** Ends of timed bans and of links. */
  due(): DueItem[] {
    const bans = [...this.#members].flatMap(([userId, record]): DueItem[] => {
      if (record.status !== "kicked" || record.untilMs === null) return [];
      return [{ at: record.untilMs, what: `ban of ${userId} in ${this.id} ends`, run: () => this.#endBan(userId) }];
    });
    return bans;
  }

  #endBan(userId: number): void {
    const user = this.#users.get(userId);
    const before = this.#members.get(userId);
    this.#members.set(userId, { status: "left" });
    if (!this.#context.options.switches.banExpiryEmitsUpdate || !before || this.#bot.status !== "administrator") return;
    this.#context.emit({
      chat_member: {
        chat: this.view(),
        from: this.#users.view(this.#users.get(this.ownerId)),
        date: unixSeconds(this.#context.clock),
        old_chat_member: this.#memberView(this.#users.view(user), before),
        new_chat_member: { status: "left", user: this.#users.view(user) },
      },
    });
  }
}

export const administratorWith = (rights: Partial<ChannelRights>): MemberRecord => ({
  status: "administrator",
  rights: { ...ALL_RIGHTS, ...rights },
});
