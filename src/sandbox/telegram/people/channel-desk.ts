// One channel as its owner and other admins handle it.
import type { ChatInviteLink, ChatMember } from "@grammyjs/types";
import { EmulatorUsageError } from "../errors.ts";
import { administratorWith, type Channel } from "../world/channel.ts";
import { type ChannelRights, type MemberRecord, NO_RIGHTS } from "../world/channel-types.ts";
import type { World } from "../world/world.ts";
import type { Person } from "./person.ts";

/** Who acts; the owner when absent. */
export interface ActingAdmin {
  readonly by?: Person;
}

export class ChannelDesk {
  readonly id: number;
  readonly #channel: Channel;
  readonly #world: World;

  constructor(channel: Channel, world: World) {
    this.id = channel.id;
    this.#channel = channel;
    this.#world = world;
  }

  get title(): string {
    return this.#channel.title;
  }

  get ownerId(): number {
    return this.#channel.ownerId;
  }

  #actor(acting: ActingAdmin) {
    const id = acting.by?.id ?? this.#channel.ownerId;
    const { status } = this.#channel.record(id);
    if (status !== "creator" && status !== "administrator")
      throw new EmulatorUsageError(`User ${id} is no admin of channel ${this.id}.`);
    return this.#world.users.view(this.#world.users.get(id));
  }

  // ---- the bot ----------------------------------------------------------------------------------

  get botRights(): ChannelRights | null {
    return this.#channel.botRights;
  }

  /** Adds or promotes the bot with all rights it can use, or changes the rights it has. */
  setBotRights(rights: Partial<ChannelRights> = {}, acting: ActingAdmin = {}): void {
    const base = this.#channel.botRights ?? {};
    this.#channel.setBot(administratorWith({ ...base, ...rights }), this.#actor(acting));
  }

  /** Takes every right but the place in the admin list. */
  demoteBot(acting: ActingAdmin = {}): void {
    this.#channel.setBot({ status: "administrator", rights: NO_RIGHTS }, this.#actor(acting));
  }

  /** `ban: true` = kicked ("bot was kicked from the channel chat"), else it is just not in the channel any more. */
  removeBot(options: ActingAdmin & { readonly ban?: boolean } = {}): void {
    const next: MemberRecord = options.ban ? { status: "kicked", untilMs: null } : { status: "left" };
    this.#channel.setBot(next, this.#actor(options));
  }

  // ---- people -----------------------------------------------------------------------------------

  adminAdds(person: Person, acting: ActingAdmin = {}): void {
    this.#channel.setMember(this.#record(person), { status: "member", viaLink: null }, { by: this.#actor(acting) });
  }

  /** Without `untilDate` (Unix seconds) for ever. */
  adminBans(person: Person, options: ActingAdmin & { readonly untilDate?: number } = {}): void {
    this.#channel.ban(this.#record(person), options.untilDate, this.#actor(options));
  }

  adminUnbans(person: Person, acting: ActingAdmin = {}): void {
    this.#channel.unban(this.#record(person), true, this.#actor(acting));
  }

  adminPromotes(person: Person, rights: Partial<ChannelRights> = {}, acting: ActingAdmin = {}): void {
    this.#channel.setMember(this.#record(person), administratorWith(rights), { by: this.#actor(acting) });
  }

  adminApproves(person: Person, acting: ActingAdmin = {}): void {
    this.#world.channels.approve(this.#channel, person.id, this.#actor(acting));
  }

  adminDeclines(person: Person): void {
    this.#world.channels.decline(this.#channel, person.id);
  }

  #record(person: Person) {
    return this.#world.users.get(person.id);
  }

  isMember(person: Person): boolean {
    return this.#channel.isMember(person.id);
  }

  memberIds(): number[] {
    return this.#channel.memberIds();
  }

  /** As `getChatMember` would show the person, whatever the bot's rights. */
  member(person: Person): ChatMember {
    return this.#channel.viewOf(this.#record(person));
  }

  pendingRequestIds(): number[] {
    return [...this.#channel.requests.keys()];
  }

  // ---- links ------------------------------------------------------------------------------------

  /** All links with their full addresses, as the owner sees them. */
  links(): ChatInviteLink[] {
    return [...this.#channel.links.values()].map((link) => ({
      ...this.#world.channels.linkView(this.#channel, link),
      invite_link: link.url,
    }));
  }

  /** A link of an admin: the bot sees it cut and cannot change it. @returns the full address. */
  adminCreatesLink(
    settings: {
      readonly name?: string;
      readonly expireDate?: number;
      readonly memberLimit?: number;
      readonly createsJoinRequest?: boolean;
    } = {},
    acting: ActingAdmin = {},
  ): string {
    return this.#world.channels.createLink(this.#channel, this.#actor(acting).id, settings).url;
  }

  /** Somebody with rights revokes a link, the bot's own included. The bot is not told. */
  revokeLink(url: string): void {
    const link = this.#channel.links.get(url);
    if (!link) throw new EmulatorUsageError(`Channel ${this.id} has no link ${url}.`);
    link.isRevoked = true;
  }
}
