// Who is at the other end of a request, as far as that can be believed.
import { isIP } from "node:net";
import type { FastifyRequest } from "fastify";

/**
 * Of the connection, or what a trusted proxy (`TRUSTED_PROXIES`) says of it: whoever else writes `X-Forwarded-For` could choose a fresh
 * address for every try. A proxy that names no address, or one with a port, says nothing: each port would be a new caller.
 */
export const callerAddress = (request: FastifyRequest): string =>
  isIP(request.ip) === 0 ? (request.socket.remoteAddress ?? "") : request.ip;

/** Names and addresses by which only this machine itself can be meant; brackets around IPv6 as in a URL. */
export const isLoopback = (host: string): boolean => /^(?:localhost|127\.[\d.]+|\[?::1\]?)$/.test(host);

const FORWARDED = ["forwarded", "x-forwarded-for", "x-real-ip"];

/**
 * Whether a program or a page of this very machine calls. Being connected from here is not enough: a proxy on this machine is, for
 * everybody behind it, and so is a browser that shows somebody else's page, whether the page calls us by our name or by one of its own
 * that was made to lead here.
 */
export function isOfThisMachine({ socket, headers }: FastifyRequest): boolean {
  if (!/^(?:::ffff:)?127\.|^::1$/.test(socket.remoteAddress ?? "")) return false;
  if (FORWARDED.some((name) => name in headers)) return false;
  const ourName = urlOf(`http://${headers.host ?? ""}`);
  if (!isLoopback(ourName?.hostname ?? "")) return false;
  return headers.origin === undefined || urlOf(headers.origin)?.host === ourName?.host;
}

const urlOf = (text: string): URL | null => (URL.canParse(text) ? new URL(text) : null);
