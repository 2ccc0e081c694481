import { KEY_TABLE } from "../../redis/keys.ts";
import { PARTITIONS } from "../../redis/partitions.ts";
import { GENERATED, table } from "./markdown.ts";

export function renderRedisKeys(): string {
  const rows = KEY_TABLE.map(({ key, type, owner, expiry, holds, backup }) => [
    `\`${key}\``,
    type,
    owner,
    expiry,
    holds,
    backup,
  ]);
  return `${GENERATED}

# Redis keys

Every key that this service writes. Names are built in \`src/redis/keys.ts\` and nowhere else.

\`<p>\` is the deployment's prefix (\`tgs\`). \`{t}\` is the hash tag of one of ${PARTITIONS} partitions: all keys of a partition lie in one
slot of Redis Cluster, so that one script can write them together. An actor's partition follows from its address, a person's inbox and screen
from the person's Telegram id.

${table(["key", "type", "written by", "expires", "holds", "export"], rows)}

\`export\`: the kind of line that [an export](backup.md) has of it; *derived*: made anew of the others; *transient*: left out, nothing is lost with it.

Lookups in \`index\`: \`telegramId\`, \`username\` (lower case), \`chargeId\`, \`orderId\`, \`chatId\`, \`product\`. Nothing here is a cache, so
Redis must run with \`maxmemory-policy noeviction\`; \`redis.conf\` has the settings and why.
`;
}
