// The emulated Telegram: its parts, put together, and the order in which time moves them.
import { BotProfile } from "./bot-profile.ts";
import { Channels } from "./channels.ts";
import type { DueItem, UpdateBody, WorldContext } from "./context.ts";
import { Invoices } from "./invoices.ts";
import { Messages } from "./messages.ts";
import { Payments } from "./payments.ts";
import { PrivateChats } from "./private-chats.ts";
import { Users } from "./users.ts";

export class World {
  readonly context: WorldContext;
  readonly users: Users;
  readonly messages: Messages;
  readonly chats: PrivateChats;
  readonly invoices = new Invoices();
  readonly payments: Payments;
  readonly channels: Channels;
  readonly profile = new BotProfile();

  constructor(context: WorldContext) {
    this.context = {
      ...context,
      emit: (body) => {
        this.#remember(body);
        context.emit(body);
      },
    };
    this.users = new Users(this.context);
    this.messages = new Messages(this.context);
    this.chats = new PrivateChats(this.context, this.users, this.messages);
    this.payments = new Payments(this.context, this.users, this.chats);
    this.channels = new Channels(this.context, this.users);
  }

  /** The bot can address everybody it has heard of. */
  #remember(body: UpdateBody): void {
    const {
      message,
      callback_query,
      pre_checkout_query,
      my_chat_member,
      chat_member,
      chat_join_request,
      subscription,
    } = body;
    const ids = [
      message?.chat.id,
      callback_query?.from.id,
      pre_checkout_query?.from.id,
      my_chat_member?.from.id,
      chat_member?.new_chat_member.user.id,
      chat_join_request?.from.id,
      subscription?.user.id,
    ];
    for (const id of ids) {
      const user = id === undefined ? undefined : this.users.find(id);
      if (user) user.knownToBot = true;
    }
  }

  #due(): DueItem[] {
    return [...this.payments.due(), ...this.channels.due()].sort((a, b) => a.at - b.at);
  }

  /** What comes next and when (epoch ms), or null. */
  nextDue(): { readonly at: number; readonly what: string } | null {
    const first = this.#due()[0];
    return first ? { at: first.at, what: first.what } : null;
  }

  /** Everything due up to `now`, one by one in order; each may make something else due. */
  runDue(now: number): void {
    for (;;) {
      const first = this.#due()[0];
      if (!first || first.at > now) return;
      first.run();
    }
  }
}
