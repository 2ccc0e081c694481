// Where the service answers about one actor.
import { actorPath } from "../api.ts";

const at = (address: string, rest: string): string => `${actorPath(address, "/api/v1/actors")}/${rest}`;

export const actorApi = {
  page: (address: string): string => at(address, "page"),
  history: (address: string, before?: string): string =>
    at(address, `history?limit=200${before === undefined ? "" : `&before=${before}`}`),
  past: (address: string, seq: number): string => at(address, `events/${seq}`),
  events: (address: string): string => at(address, "events"),
  force: (address: string): string => at(address, "force"),
  live: (address: string): string => `address=${encodeURIComponent(address)}`,
} as const;
