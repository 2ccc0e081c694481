// What a button in the staff chat says. What it is about is kept with its message, so nothing of it can be made up.
import { CALLBACK_DATA_MAX } from "../callback-data.ts";

export const STAFF_PRESSES = [
  "deskanswer",
  "deskshow",
  "deskwho",
  "deskclose",
  "deskopen",
  "desksend",
  "deskdo",
  "deskcancel",
  "deskapprove",
  "deskrefuse",
] as const;
export type StaffPressEvent = (typeof STAFF_PRESSES)[number];

export interface StaffPress {
  readonly event: StaffPressEvent;
  /** A line of a list; otherwise empty. */
  readonly arg: string;
}

export const staffPress = (event: StaffPressEvent, arg = ""): string => `v1:${event}:${arg}`;

/** @returns null for what no button of the staff chat says. */
export function parseStaffPress(data: string): StaffPress | null {
  if (Buffer.byteLength(data) > CALLBACK_DATA_MAX) return null;
  const [, name, arg = ""] = /^v1:([a-z]{1,16}):(\d{0,3})$/.exec(data) ?? [];
  const event = STAFF_PRESSES.find((known) => known === name);
  return event === undefined ? null : { event, arg };
}
