import { API_PREFIX } from "./contract/calls.ts";

export interface BackendAddress {
  readonly origin: string;
  /** In front of every path: `/api`, or what the configured address has in its place. */
  readonly prefix: string;
}

/**
 * @param url http or https; an origin (`http://host:8080`), or one with a path in place of `/api` (`http://host/product`).
 * @throws TypeError for anything else. The text holds no part of the address: it might carry a password.
 */
export function readBackendUrl(url: string): BackendAddress {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || !/^https?:$/.test(parsed.protocol) || parsed.username !== "" || parsed.password !== "")
    throw new TypeError("The address of the product backend must be http:// or https://, without user and password.");
  const path = parsed.pathname.replace(/\/+$/, "");
  return { origin: parsed.origin, prefix: path === "" ? API_PREFIX : path };
}
