import { type ApprovalStore, KeptApproval } from "../support/approval-port.ts";
import type { RedisClient } from "./connect.ts";
import { asUnreachable } from "./failures.ts";
import type { Keys } from "./keys.ts";
import type { Scripts } from "./scripts.ts";

/** By the service's clock, after an approval's end. Unit: milliseconds. */
const KEEP_MS = 30 * 86_400_000;

/** What waits for a second person. There are few: one hash holds all. */
export function makeRedisApprovalStore(
  client: RedisClient,
  scripts: Pick<Scripts, "replaceApproval">,
  keys: Pick<Keys, "approvals">,
): ApprovalStore {
  const key = keys.approvals();
  const all = async (): Promise<KeptApproval[]> =>
    Object.values(await asUnreachable(() => client.hgetall(key))).map(readApproval);
  const read = async (id: string): Promise<KeptApproval | null> => {
    const json = await asUnreachable(() => client.hget(key, id));
    return json === null ? null : readApproval(json);
  };
  return {
    async put(approval) {
      const isNew = await asUnreachable(() => client.hsetnx(key, approval.id, write(approval)));
      if (isNew === 0) return (await read(approval.id)) ?? approval;
      const old = (await all()).filter(({ endsAt }) => endsAt + KEEP_MS < approval.askedAt).map(({ id }) => id);
      if (old.length > 0) await asUnreachable(() => client.hdel(key, ...old));
      return approval;
    },
    read,
    async replace(before, after) {
      const result = await asUnreachable(() =>
        scripts.replaceApproval([key], [before.id, write(before), write(after)]),
      );
      return result === 1;
    },
    async list() {
      return (await all()).sort((a, b) => b.askedAt - a.askedAt || (a.id < b.id ? -1 : 1));
    },
  };
}

const readApproval = (json: string): KeptApproval => KeptApproval.parse(JSON.parse(json));
/** One form for one approval: replacing compares it. */
const write = (approval: KeptApproval): string => JSON.stringify(KeptApproval.parse(approval));
