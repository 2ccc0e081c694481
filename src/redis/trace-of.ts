// What a lost actor left behind. Looked for by people who look into a case, so it may take a while; it is bounded all the same.
import type { ActorAddress } from "../../machines/address.ts";
import { parseAddress } from "../../machines/address.ts";
import { readEntry } from "../runtime/audit.ts";
import type { ActorStore } from "../runtime/ports.ts";
import type { RedisClient } from "./connect.ts";
import { asUnreachable } from "./failures.ts";
import type { Keys } from "./keys.ts";
import { partitionOf } from "./partitions.ts";

/** So many of a partition's newest audit entries are looked at: what is older was found by its index entries, or is not found. */
const AUDIT_ENTRIES = 20_000;
const AUDIT_PAGE = 1_000;
const SCAN_COUNT = 1_000;

export function makeTraceSearch(client: RedisClient, keys: Keys): ActorStore["traceOf"] {
  const isIndexed = async (address: ActorAddress): Promise<boolean> => {
    const { machine, id } = parseAddress(address);
    const pattern = `*${id.replace(/[\\*?[\]]/g, "\\$&")}`;
    let cursor = "0";
    do {
      const [next, flat] = await asUnreachable(() =>
        client.zscan(keys.index(partitionOf(address)), cursor, "MATCH", pattern, "COUNT", SCAN_COUNT),
      );
      for (let at = 0; at < flat.length; at += 2) {
        const member = flat[at] ?? "";
        const bar = member.indexOf("|");
        const [head, tail] = [member.slice(0, bar), member.slice(bar + 1)];
        if (tail === address || (tail === id && head.startsWith(`s:${machine}:`))) return true;
      }
      cursor = next;
    } while (cursor !== "0");
    return false;
  };

  const isAudited = async (address: ActorAddress): Promise<boolean> => {
    let from = "+";
    for (let looked = 0; looked < AUDIT_ENTRIES; looked += AUDIT_PAGE) {
      const page = await asUnreachable(() =>
        client.xrevrange(keys.audit(partitionOf(address)), from, "-", "COUNT", AUDIT_PAGE),
      );
      for (const [entryId, [, body = ""]] of page) {
        // Most entries are about others: only those that name it anywhere are read.
        if (
          body.includes(JSON.stringify(address)) &&
          readEntry({ entryId, body, hash: "", previous: "" }).address === address
        )
          return true;
      }
      const last = page.at(-1);
      if (page.length < AUDIT_PAGE || !last) return false;
      from = `(${last[0]}`;
    }
    return false;
  };

  return async (address) => {
    if ((await asUnreachable(() => client.exists(keys.once(address)))) === 1) return "once";
    if (await isIndexed(address)) return "index";
    return (await isAudited(address)) ? "audit" : null;
  };
}
