// One name for a request, in its answer, in our log and in the proxy's.
import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { BlockList, isIP } from "node:net";
import { REQUEST_ID_HEADER } from "./problem.ts";

/** What is repeated in answers and logs must not be able to say anything else there. */
const WELL_FORMED = /^[\w.-]{8,64}$/;

/**
 * The proxy's name for a request is kept, so that its log and ours can be read together; anybody else could choose one that is already
 * in the log.
 * @param trustedProxies addresses and networks (CIDR)
 */
export function makeRequestIds(trustedProxies: readonly string[]): (request: IncomingMessage) => string {
  const trusted = new BlockList();
  for (const proxy of trustedProxies) {
    const [address = "", prefix] = proxy.split("/");
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    if (prefix === undefined) trusted.addAddress(address, family);
    else trusted.addSubnet(address, Number(prefix), family);
  }
  return ({ headers, socket }) => {
    const given = headers[REQUEST_ID_HEADER];
    const from = socket.remoteAddress ?? "";
    const isTrusted = isIP(from) !== 0 && trusted.check(from, isIP(from) === 6 ? "ipv6" : "ipv4");
    return isTrusted && typeof given === "string" && WELL_FORMED.test(given) ? given : randomUUID();
  };
}
