// How a story reads on a terminal: the day, who does what, what changed, what the person sees.
import type { AuditEntry } from "../../runtime/ports.ts";
import type { BubbleView } from "../telegram/people/screen.ts";

export interface Paint {
  readonly dim: (text: string) => string;
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly bold: (text: string) => string;
}

const code = (start: number) => (text: string) => `\u001b[${start}m${text}\u001b[0m`;
const plain = (text: string) => text;

/** Colour only where it is seen as colour. */
export const makePaint = (isTerminal: boolean): Paint =>
  isTerminal
    ? { dim: code(2), good: code(32), bad: code(31), bold: code(1) }
    : { dim: plain, good: plain, bad: plain, bold: plain };

/** `day 27 12:00`: since the story began, and the time of day in UTC. */
export function dayOf(now: number, start: number): string {
  const day = Math.floor((now - start) / 86_400_000);
  return `day ${String(day).padStart(2)} ${new Date(now).toISOString().slice(11, 16)}`;
}

/** One line per change of state: `subscription  billing.checkout → billing.active.term`, then what was asked for. */
export function changesOf(entries: readonly AuditEntry[]): string[] {
  return entries
    .filter((entry) => entry.outcome === "failed" || (entry.to?.length ?? 0) > 0 || (entry.from?.length ?? 0) > 0)
    .map((entry) => {
      const machine = entry.address.slice(0, entry.address.indexOf("/")).padEnd(12);
      if (entry.outcome === "failed") return `${machine} ${entry.event.type} FAILED`;
      const from = entry.from?.join(", ") ?? "";
      return `${machine} ${from === "" ? "" : `${from} `}→ ${entry.to?.join(", ")}   (${nameOf(entry.event.type)})`;
    });
}

/** A timer's or result's own name without XState's prefix. */
const nameOf = (type: string): string => type.replace(/^xstate\.(?:after|done\.actor|error\.actor)\./, "");

/** First line of a message and its buttons. */
export function seenAs(bubble: BubbleView | null): string {
  if (bubble === null) return "(nothing)";
  const first = bubble.text.split("\n").find((line) => line.trim() !== "") ?? "";
  const buttons = bubble.buttons.flat().map(({ text }) => `[${text}]`);
  return `“${first.length > 90 ? `${first.slice(0, 89)}…` : first}” ${buttons.join(" ")}`.trimEnd();
}
