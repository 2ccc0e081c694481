// REDIS_URL as data: one server, a set of sentinels, or a cluster.

interface Address {
  readonly host: string;
  readonly port: number;
}

interface Credentials {
  readonly username?: string;
  readonly password?: string;
}

/** Which Redis to talk to. Holds passwords: print `describeRedisTarget(target)` instead. */
export type RedisTarget =
  | { readonly kind: "socket"; readonly path: string }
  | ({ readonly kind: "single"; readonly address: Address; readonly db: number; readonly tls: boolean } & Credentials)
  | ({
      readonly kind: "sentinel";
      readonly addresses: readonly Address[];
      readonly masterName: string;
      readonly db: number;
      readonly tls: boolean;
      readonly sentinelUsername?: string;
      readonly sentinelPassword?: string;
    } & Credentials)
  | ({ readonly kind: "cluster"; readonly addresses: readonly Address[]; readonly tls: boolean } & Credentials);

export type RedisTargetResult =
  | { readonly ok: true; readonly target: RedisTarget }
  | { readonly ok: false; readonly problem: string };

const FORMS =
  "expected redis://[user:password@]host[:port][/db], rediss://… (TLS), redis-sentinel://[user:password@]host:port,host:port/master-name " +
  "or redis-cluster://[user:password@]host:port,host:port";

/** What may follow the "?" of each form. */
const PARAMETERS = {
  redis: [],
  rediss: [],
  "redis-sentinel": ["db", "tls", "sentinelUsername", "sentinelPassword"],
  "redis-cluster": ["tls"],
} as const satisfies Record<string, readonly string[]>;

const DEFAULT_PORT = { redis: 6379, rediss: 6379, "redis-sentinel": 26379, "redis-cluster": 6379 } as const;

/** Not `new URL()`: it refuses a list of hosts with ports. The greedy userinfo ends at the last "@", so a password may hold one. */
const SHAPE =
  /^(redis|rediss|redis-sentinel|redis-cluster):\/\/(?:([^/?#]*)@)?([^/?#@]+)(?:\/([^?#]*))?(?:\?([^#]*))?$/;

/** @returns the target, or a sentence that holds nothing of the URL (it may hold a password). */
export function parseRedisUrl(url: string): RedisTargetResult {
  const match = SHAPE.exec(url);
  if (!match) return refuse(FORMS);
  const [, scheme, userinfo = "", hostList = "", path = "", query = ""] = match;
  try {
    return build(scheme as keyof typeof PARAMETERS, {
      userinfo,
      hostList,
      path: decodeURIComponent(path),
      query: new URLSearchParams(query),
    });
  } catch {
    return refuse("a % in it is not followed by two hex digits; write % itself as %25");
  }
}

/** For a password that is kept apart from the address. A socket is reached by whoever may open it. */
export const withPassword = (target: RedisTarget | undefined, password: string | undefined): RedisTarget | undefined =>
  target === undefined || password === undefined || target.kind === "socket" ? target : { ...target, password };

interface Parts {
  readonly userinfo: string;
  readonly hostList: string;
  readonly path: string;
  readonly query: URLSearchParams;
}

function build(scheme: keyof typeof PARAMETERS, { userinfo, hostList, path, query }: Parts): RedisTargetResult {
  const allowed: readonly string[] = PARAMETERS[scheme];
  const unknown = [...query.keys()].filter((name) => !allowed.includes(name));
  if (unknown.length > 0) {
    return refuse(
      `unknown parameter after "?"; ${allowed.length > 0 ? `known: ${allowed.join(", ")}` : `${scheme}:// takes none`}`,
    );
  }
  const addresses = readAddresses(hostList, DEFAULT_PORT[scheme]);
  if (!addresses) return refuse("each server must be host or host:port, with a port from 1 to 65535; IPv6 in brackets");
  const db = readDb(scheme === "redis-sentinel" ? (query.get("db") ?? "") : path);
  const tls = scheme === "rediss" || query.get("tls") === "true";
  if (query.has("tls") && !["true", "false"].includes(query.get("tls") ?? ""))
    return refuse('"tls" must be true or false');
  const credentials = readCredentials(userinfo);

  if (scheme === "redis-cluster") {
    if (path !== "" && path !== "0") return refuse("a cluster has no database number: leave the path empty");
    return accept({ kind: "cluster", addresses, tls, ...credentials });
  }
  if (db === undefined) return refuse("the database must be a number from 0 to 15");
  if (scheme === "redis-sentinel") {
    if (path === "" || path.includes("/"))
      return refuse("the path must be the master's name, as the sentinels know it");
    const [sentinelUsername, sentinelPassword] = [query.get("sentinelUsername"), query.get("sentinelPassword")];
    return accept({
      ...{ kind: "sentinel", addresses, masterName: path, db, tls, ...credentials },
      ...(sentinelUsername && { sentinelUsername }),
      ...(sentinelPassword && { sentinelPassword }),
    });
  }
  const [address, ...others] = addresses;
  if (!address || others.length > 0)
    return refuse("one server only; for several use redis-sentinel:// or redis-cluster://");
  return accept({ kind: "single", address, db, tls, ...credentials });
}

const accept = (target: RedisTarget): RedisTargetResult => ({ ok: true, target });
const refuse = (problem: string): RedisTargetResult => ({ ok: false, problem });

function readAddresses(hostList: string, defaultPort: number): Address[] | undefined {
  const addresses = hostList.split(",").map((text): Address | undefined => {
    const [, ipv6, name, port] = /^(?:\[([0-9A-Fa-f:.]+)\]|([\w.-]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
    const host = ipv6 ?? name;
    const number = port === undefined ? defaultPort : Number(port);
    return host && number >= 1 && number <= 65_535 ? { host, port: number } : undefined;
  });
  return addresses.every((address) => address !== undefined) ? addresses : undefined;
}

/** `password@`, `:password@` and `user:password@` are all in use; the first is read as Redis tools do, as a user name without password. */
function readCredentials(userinfo: string): Credentials {
  const colon = userinfo.indexOf(":");
  const username = decodeURIComponent(colon < 0 ? userinfo : userinfo.slice(0, colon));
  const password = colon < 0 ? "" : decodeURIComponent(userinfo.slice(colon + 1));
  return { ...(username && { username }), ...(password && { password }) };
}

const readDb = (text: string): number | undefined => {
  if (text === "") return 0;
  return /^\d{1,2}$/.test(text) && Number(text) < 16 ? Number(text) : undefined;
};

/** For logs and errors: where, never with what password. */
export function describeRedisTarget(target: RedisTarget): string {
  switch (target.kind) {
    case "socket":
      return `socket ${target.path}`;
    case "single":
      return `${target.address.host}:${target.address.port}${target.tls ? " (TLS)" : ""}`;
    case "sentinel":
      return `master "${target.masterName}" of sentinels ${listAddresses(target.addresses)}`;
    case "cluster":
      return `cluster ${listAddresses(target.addresses)}`;
  }
}

const listAddresses = (addresses: readonly Address[]): string =>
  addresses.map(({ host, port }) => `${host}:${port}`).join(", ");
