import type { ChatMemberUpdated, User } from "@grammyjs/types";
import { describe, expect, it } from "vitest";
import {
  DEFAULT_UPDATE_TYPES,
  factsOf,
  readAllowedUpdates,
} from "../../../src/sandbox/telegram/delivery/update-facts.ts";
import { resolveOptions } from "../../../src/sandbox/telegram/options.ts";
import type { UpdateBody } from "../../../src/sandbox/telegram/world/context.ts";

const ann: User = { id: 7, is_bot: false, first_name: "Ann" };
const admin: User = { id: 8, is_bot: false, first_name: "Olga" };
const channel = { id: -100, type: "channel" as const, title: "Club" };
const chat = { id: 7, type: "private" as const, first_name: "Ann" };
const membership: ChatMemberUpdated = {
  chat: channel,
  from: admin,
  date: 1,
  old_chat_member: { status: "left", user: ann },
  new_chat_member: { status: "member", user: ann },
};
const { switches } = resolveOptions({});

describe("an update on its way", () => {
  const bodies: [string, UpdateBody, string, number][] = [
    ["a message", { message: { message_id: 1, date: 1, chat, from: ann } }, "chat:7", 86_400_000],
    ["a callback", { callback_query: { id: "1", from: ann, chat_instance: "1", data: "x" } }, "user:7:3", 150_000],
    [
      "a pre-checkout",
      { pre_checkout_query: { id: "1", from: ann, currency: "XTR", total_amount: 1, invoice_payload: "p" } },
      "user:7:4",
      150_000,
    ],
    ["my_chat_member", { my_chat_member: membership }, "chat:-100:5", 86_400_000],
    ["chat_member", { chat_member: membership }, "user:7:6", 86_400_000],
    [
      "a join request",
      { chat_join_request: { chat: channel, from: ann, user_chat_id: 7, date: 1 } },
      "user:7:6",
      86_400_000,
    ],
    [
      "subscription",
      { subscription: { user: ann, invoice_payload: "p", state: "canceled" } },
      "user:7:subscription",
      86_400_000,
    ],
  ];
  it.each(bodies)("%s has its own queue and life span", (_what, body, queueKey, lifetimeMs) => {
    expect(factsOf(body, switches)).toMatchObject({ queueKey, lifetimeMs });
  });

  it("of a subscription can share the queue of the chat", () => {
    const body: UpdateBody = { subscription: { user: ann, invoice_payload: "p", state: "failed" } };
    expect(factsOf(body, { ...switches, subscriptionQueue: "chat" }).queueKey).toBe("chat:7");
  });

  it("of no known type is a defect, not an update", () => {
    expect(() => factsOf({} as UpdateBody, switches)).toThrow("one known field");
  });
});

describe("allowed_updates", () => {
  it("leaves chat_member out unless named", () => {
    expect(DEFAULT_UPDATE_TYPES).not.toContain("chat_member");
    expect(DEFAULT_UPDATE_TYPES).toEqual(
      expect.arrayContaining(["subscription", "my_chat_member", "chat_join_request"]),
    );
    expect(readAllowedUpdates(["chat_member", "chat_member", "nonsense"])).toEqual(["chat_member"]);
    expect(readAllowedUpdates(["nonsense"])).toBeNull();
  });
});
