// Who works in the staff chat, and with what.

import { staffCommandsIn } from "../bot/staff/command-list.ts";
import type { StaffRoom } from "../bot/staff/ports.ts";
import { STAFF_LANGUAGE } from "../bot/staff/table.ts";
import type { Config } from "../config.ts";
import { makeRedisCardStore } from "../redis/card-store.ts";
import type { RedisClient } from "../redis/connect.ts";
import type { Keys } from "../redis/keys.ts";
import type { Actors } from "../runtime/ports.ts";
import { makeBrief } from "../support/brief.ts";
import type { StaffDesk } from "../support/staff-desk.ts";
import type { Support } from "../support/support.ts";

export interface StaffRoomParts {
  readonly config: Pick<Config, "staffChatId" | "staffMembers">;
  readonly client: RedisClient;
  readonly keys: Keys;
  readonly actors: Pick<Actors, "find" | "read">;
  readonly desk: StaffDesk;
  readonly support: Support;
}

/** For the menu of the staff chat. */
export const staffCommands = () => staffCommandsIn(STAFF_LANGUAGE);

/** Null without a chat, or where nobody is listed: then the chat is only told things. */
export function openStaffRoom({ config, client, keys, actors, desk, support }: StaffRoomParts): StaffRoom | null {
  const { staffChatId, staffMembers: members } = config;
  if (staffChatId === undefined || members.length === 0) return null;
  return {
    members,
    cards: makeRedisCardStore(client, keys, staffChatId),
    desk,
    find: support.find,
    brief: makeBrief(actors),
    why: (userId) => support.why(userId, STAFF_LANGUAGE),
  };
}
