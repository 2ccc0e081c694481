// The shapes of a channel, its people, its links and its join requests.
import type { ChatAdministratorRights } from "@grammyjs/types";

/** Rights a bot can be given in a channel, by their Bot API names. */
export type ChannelRights = Omit<
  Required<ChatAdministratorRights>,
  "can_pin_messages" | "can_manage_topics" | "can_manage_tags"
>;

export type MemberRecord =
  | { readonly status: "creator" }
  | { readonly status: "administrator"; readonly rights: ChannelRights }
  | { readonly status: "member"; readonly viaLink: string | null }
  | { readonly status: "left" }
  /** `untilMs` null = for ever. */
  | { readonly status: "kicked"; readonly untilMs: number | null };

export interface InviteLinkRecord {
  readonly url: string;
  readonly creatorId: number;
  readonly isPrimary: boolean;
  name: string | undefined;
  /** Unit: Unix seconds. */
  expireDate: number | undefined;
  memberLimit: number | undefined;
  createsJoinRequest: boolean;
  isRevoked: boolean;
  readonly createdAtMs: number;
}

export interface JoinRequestRecord {
  readonly userId: number;
  /** Null when the request came without a link. */
  readonly linkUrl: string | null;
  readonly askedAtMs: number;
}

/** What the person sees after opening an invite link. */
export type JoinOutcome =
  | { readonly kind: "joined" }
  | { readonly kind: "requested" }
  | { readonly kind: "refused"; readonly reason: JoinRefusal };

export type JoinRefusal =
  | "unknownLink"
  | "revoked"
  | "expired"
  | "memberLimitReached"
  | "banned"
  | "alreadyMember"
  | "alreadyRequested"
  | "tooManyChannels";

export const ALL_RIGHTS: ChannelRights = {
  is_anonymous: false,
  can_manage_chat: true,
  can_delete_messages: true,
  can_manage_video_chats: true,
  can_restrict_members: true,
  can_promote_members: false,
  can_change_info: true,
  can_invite_users: true,
  can_post_stories: true,
  can_edit_stories: true,
  can_delete_stories: true,
  can_post_messages: true,
  can_edit_messages: true,
  can_manage_direct_messages: false,
  can_send_welcome_messages: false,
};

export const NO_RIGHTS: ChannelRights = Object.fromEntries(
  Object.keys(ALL_RIGHTS).map((right) => [right, right === "can_manage_chat"]),
) as unknown as ChannelRights;
