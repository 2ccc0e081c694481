// Where an actor's page can stand: live, at one of its events, or with a dialog open. All of it is in the address.
import { actorPath } from "../api.ts";

export interface Place {
  readonly address: string;
  /** The event that is looked at; null: now. */
  readonly seq: number | null;
  readonly dialog: "send" | "force" | null;
}

/** @param params of the route `/console/actors/:machine/:id/:part?/:seq?` */
export function placeOf(params: {
  readonly machine?: string | undefined;
  readonly id?: string | undefined;
  readonly part?: string | undefined;
  readonly seq?: string | undefined;
}): Place {
  const seq = params.part === "events" ? Number(params.seq) : Number.NaN;
  return {
    address: `${params.machine}/${params.id}`,
    seq: Number.isInteger(seq) && seq > 0 ? seq : null,
    dialog: params.part === "send" || params.part === "force" ? params.part : null,
  };
}

/** Where the scrubber leads: its right end is the present. */
export function scrubbed(address: string, to: number, newest: number): string {
  const base = actorPath(address);
  return to >= newest ? base : `${base}/events/${Math.max(1, Math.round(to))}`;
}

/** An event as it stands in an address: its type alone, or with fields as JSON. */
export const eventInAddress = (event: { readonly type: string }): string =>
  encodeURIComponent(Object.keys(event).length === 1 ? event.type : JSON.stringify(event));

/** @returns null for nothing or nonsense */
export function eventFromAddress(text: string | undefined): { readonly type: string } | null {
  if (text === undefined || text === "") return null;
  if (!text.startsWith("{")) return { type: text };
  try {
    const event = JSON.parse(text) as { readonly type?: unknown };
    return typeof event.type === "string" ? (event as { readonly type: string }) : null;
  } catch {
    return null;
  }
}
