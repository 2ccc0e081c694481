// All channels: finding them by id or @name, invite links, join requests, what people and admins do in them.
import type { ChatInviteLink, User } from "@grammyjs/types";
import { badRequest, EmulatorUsageError } from "../errors.ts";
import { administratorWith, Channel } from "./channel.ts";
import type { ChannelRights, InviteLinkRecord, JoinOutcome, JoinRefusal } from "./channel-types.ts";
import { type DueItem, unixSeconds, type WorldContext } from "./context.ts";
import type { UserRecord, Users } from "./users.ts";

const REQUEST_WINDOW_MS = 5 * 60_000;

export interface NewChannel {
  readonly id?: number;
  readonly title?: string;
  readonly username?: string;
  readonly hasProtectedContent?: boolean;
  /** Owner's user id; a new person when absent. */
  readonly ownerId?: number;
  readonly adminIds?: readonly number[];
  readonly memberIds?: readonly number[];
  /** Rights of the bot, or `false`: the bot is not added. Default: all it can use. */
  readonly bot?: Partial<ChannelRights> | false;
}

export class Channels {
  readonly #context: WorldContext;
  readonly #users: Users;
  readonly #byId = new Map<number, Channel>();
  readonly #expiredLinks = new Set<string>();

  constructor(context: WorldContext, users: Users) {
    this.#context = context;
    this.#users = users;
  }

  all(): readonly Channel[] {
    return [...this.#byId.values()];
  }

  create(input: NewChannel): Channel {
    const owner =
      input.ownerId === undefined ? this.#users.add({ firstName: "Owner" }) : this.#users.get(input.ownerId);
    const id = input.id ?? this.#context.ids.channelId();
    if (this.#byId.has(id)) throw new EmulatorUsageError(`Channel ${id} already exists.`);
    if (id > -1_000_000_000_000) throw new EmulatorUsageError(`A channel's id looks like -1001234567890, not ${id}.`);
    const channel = new Channel(this.#context, this.#users, {
      id,
      title: input.title ?? "Club",
      username: input.username,
      owner,
      hasProtectedContent: input.hasProtectedContent ?? false,
    });
    this.#byId.set(id, channel);
    for (const adminId of input.adminIds ?? []) channel.seedMember(this.#users.get(adminId), administratorWith({}));
    for (const memberId of input.memberIds ?? [])
      channel.seedMember(this.#users.get(memberId), { status: "member", viaLink: null });
    if (input.bot !== false) channel.setBot(administratorWith(input.bot ?? {}), this.#users.view(owner));
    return channel;
  }

  /** For the emulator's own controls. */
  get(id: number): Channel {
    const channel = this.#byId.get(id);
    if (!channel) throw new EmulatorUsageError(`No channel ${id}: create it first.`);
    return channel;
  }

  /** Null for private chats and unknown ids. */
  find(chatId: number | string): Channel | null {
    if (typeof chatId === "string" && chatId.startsWith("@"))
      return this.all().find((c) => c.username?.toLowerCase() === chatId.slice(1).toLowerCase()) ?? null;
    return this.#byId.get(Number(chatId)) ?? null;
  }

  // ---- invite links -----------------------------------------------------------------------------

  /** As the bot sees it: links of other admins are cut. */
  linkView(channel: Channel, link: InviteLinkRecord): ChatInviteLink {
    const isOwn = link.creatorId === this.#context.bot.id;
    const pending = [...channel.requests.values()].filter((r) => r.linkUrl === link.url).length;
    return {
      invite_link: isOwn ? link.url : `${link.url.slice(0, 22)}...`,
      ...(link.name === undefined ? {} : { name: link.name }),
      creator: isOwn ? channel.botUser() : this.#users.view(this.#users.get(link.creatorId)),
      ...(link.expireDate === undefined ? {} : { expire_date: link.expireDate }),
      ...(link.memberLimit === undefined ? {} : { member_limit: link.memberLimit }),
      ...(pending > 0 ? { pending_join_request_count: pending } : {}),
      creates_join_request: link.createsJoinRequest,
      is_primary: link.isPrimary,
      is_revoked: link.isRevoked,
    };
  }

  createLink(
    channel: Channel,
    creatorId: number,
    input: Partial<Pick<InviteLinkRecord, "name" | "expireDate" | "memberLimit" | "createsJoinRequest" | "isPrimary">>,
  ): InviteLinkRecord {
    const link: InviteLinkRecord = {
      url: this.#context.ids.inviteLink(),
      creatorId,
      isPrimary: input.isPrimary ?? false,
      name: input.name,
      expireDate: input.expireDate,
      memberLimit: input.memberLimit,
      createsJoinRequest: input.createsJoinRequest ?? false,
      isRevoked: false,
      createdAtMs: this.#context.clock.now(),
    };
    channel.links.set(link.url, link);
    return link;
  }

  findLink(url: string): { readonly channel: Channel; readonly link: InviteLinkRecord } | null {
    for (const channel of this.all()) {
      const link = channel.links.get(url);
      if (link) return { channel, link };
    }
    return null;
  }

  /** A person opens a link: in at once, a join request, or nothing. */
  open(user: UserRecord, url: string): JoinOutcome {
    const found = this.findLink(url);
    if (!found) return { kind: "refused", reason: "unknownLink" };
    const { channel, link } = found;
    const refusal = this.#joinRefusal(user, channel, link);
    if (refusal) return { kind: "refused", reason: refusal };
    if (!link.createsJoinRequest) {
      channel.setMember(
        user,
        { status: "member", viaLink: link.url },
        { by: this.#users.view(user), link: this.linkView(channel, link) },
      );
      return { kind: "joined" };
    }
    channel.requests.set(user.id, { userId: user.id, linkUrl: link.url, askedAtMs: this.#context.clock.now() });
    if (channel.botRights?.can_invite_users) {
      user.requestWindows.set(channel.id, this.#context.clock.now() + REQUEST_WINDOW_MS);
      this.#context.emit({
        chat_join_request: {
          chat: channel.view(),
          from: this.#users.view(user),
          user_chat_id: user.id,
          date: unixSeconds(this.#context.clock),
          ...(user.bio === undefined ? {} : { bio: user.bio }),
          invite_link: this.linkView(channel, link),
        },
      });
    }
    return { kind: "requested" };
  }

  #joinRefusal(user: UserRecord, channel: Channel, link: InviteLinkRecord): JoinRefusal | null {
    if (user.deactivated) throw new EmulatorUsageError(`User ${user.id} is deactivated and cannot act.`);
    if (link.isRevoked) return "revoked";
    if (link.expireDate !== undefined && link.expireDate * 1000 <= this.#context.clock.now()) return "expired";
    if (channel.record(user.id).status === "kicked") return "banned";
    if (channel.isMember(user.id)) return "alreadyMember";
    if (channel.requests.has(user.id)) return "alreadyRequested";
    if (link.memberLimit !== undefined && channel.membersVia(link.url) >= link.memberLimit) return "memberLimitReached";
    if (user.inTooManyChannels && !link.createsJoinRequest) return "tooManyChannels";
    return null;
  }

  /** @throws BotApiError as `approveChatJoinRequest` does. */
  approve(channel: Channel, userId: number, by: User): void {
    const { user, linkUrl } = this.#pendingRequest(channel, userId);
    if (user.deactivated) throw badRequest("INPUT_USER_DEACTIVATED");
    if (user.inTooManyChannels) throw badRequest("USER_CHANNELS_TOO_MUCH");
    const link = linkUrl === null ? undefined : channel.links.get(linkUrl);
    this.#closeRequest(channel, user);
    channel.setMember(
      user,
      { status: "member", viaLink: linkUrl },
      { by, ...(link ? { link: this.linkView(channel, link) } : { viaJoinRequest: true }) },
    );
  }

  /** @throws BotApiError as `declineChatJoinRequest` does. */
  decline(channel: Channel, userId: number): void {
    this.#closeRequest(channel, this.#pendingRequest(channel, userId).user);
  }

  #pendingRequest(channel: Channel, userId: number) {
    const user = this.#users.find(userId);
    if (!user) throw badRequest("USER_ID_INVALID");
    if (channel.isMember(userId)) throw badRequest("USER_ALREADY_PARTICIPANT");
    const request = channel.requests.get(userId);
    if (!request) throw badRequest("HIDE_REQUESTER_MISSING");
    return { user, linkUrl: request.linkUrl };
  }

  #closeRequest(channel: Channel, user: UserRecord): void {
    channel.requests.delete(user.id);
    user.requestWindows.delete(channel.id);
  }

  /** Ends of bans and of links; nothing happens at a link's end, but a clock may want to stop there. */
  due(): DueItem[] {
    return this.all().flatMap((channel) => [
      ...channel.due(),
      ...[...channel.links.values()].flatMap((link): DueItem[] => {
        const isOver = link.isRevoked || this.#expiredLinks.has(`${link.url}@${link.expireDate}`);
        if (link.expireDate === undefined || isOver) return [];
        return [
          {
            at: link.expireDate * 1000,
            what: `invite link "${link.name ?? link.url}" expires`,
            run: () => void this.#expiredLinks.add(`${link.url}@${link.expireDate}`),
          },
        ];
      }),
    ]);
  }
}
