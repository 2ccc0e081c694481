// What a command would do, as a card in the staff chat: everything that decides whether somebody presses Confirm, within one message.
import type { Plan, PlannedStep } from "../../support/answers/actors.ts";
import { date, type Reader } from "../wording.ts";
import { cut, STAFF_LANGUAGE, say } from "./table.ts";

/** Of each kind; how many more there are is said. */
const LINES = 6;
/** Of one text that the customer will read. Unit: UTF-16 code units. */
const TOLD_MAX = 400;
/** Effects that have words of their own; what another actor hears is a step that follows, what the customer reads is quoted. */
const EFFECTS = new Set([
  ...["recordLedger", "declineJoinRequest", "revokeInviteLink", "dropSecret", "erasePerson", "stopOldRenewal"],
  ...["createInvite", "approveJoinRequest", "removeMember", "checkMembership", "refundCharge", "editStarSubscription"],
]);

/** @param asked The command, by its event and actor. @param reader Staff, for moments in time. */
export function planCard(
  { event, address }: { readonly event: string; readonly address: string },
  { before, after, step, follows, told, final, approval }: Plan,
  reader: Omit<Reader, "language">,
): string {
  const applied = step.outcome === "applied";
  const lines = [
    say("desk-plan", { event, address }),
    say("desk-plan-states", { before: before.join(", ") || "—", after: after.join(", ") || "—" }),
    // In the order of what must not be missed: the end is cut where it is too long.
    ...(final && applied ? [say("desk-plan-final")] : []),
    ...(approval ? [say("desk-plan-approval")] : []),
    ...listed("desk-plan-effects", [...new Set(step.effects.flatMap(effectLine))]),
    ...told.slice(0, LINES).map(({ text }) => say("desk-plan-told", { text: shortened(text) })),
    ...(told.length > LINES ? [say("desk-more", { n: told.length - LINES })] : []),
    ...(applied && told.length === 0 ? [say("desk-plan-untold")] : []),
    ...(applied ? [] : [say("desk-plan-nothing")]),
    ...listed("desk-plan-follows", follows.map(followLine)),
    ...listed("desk-plan-timers", timerLines(step, { ...reader, language: STAFF_LANGUAGE })),
  ];
  return cut(lines.join("\n"));
}

function listed(title: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  const more = lines.length - LINES;
  return [say(title), ...lines.slice(0, LINES), ...(more > 0 ? [say("desk-more", { n: more })] : [])];
}

/** @param effect As the audit says it. Empty for what stands elsewhere on the card. */
function effectLine(effect: string): string[] {
  const [kind = "", first = "", second = ""] = effect.split(" ");
  if (kind === "tell" || kind === "notifyCustomer") return [];
  if (kind === "broadcast") return [say("desk-effect-broadcast", { chat: first, event: second })];
  if (kind === "notifyStaff") return [say("desk-effect-notifyStaff", { notice: first })];
  const name = kind === "invoke" ? first : kind;
  return [EFFECTS.has(name) ? say(`desk-effect-${name}`) : say("desk-effect", { name })];
}

function timerLines({ timersSet, timersCancelled }: PlannedStep, reader: Reader): string[] {
  const again = new Set(timersSet.map(({ id }) => id));
  return [
    ...timersCancelled.filter((id) => !again.has(id)).map((id) => say("desk-timer-cancelled", { id })),
    ...timersSet.map(({ id, dueAt }) => say("desk-timer-set", { id, at: date(dueAt, reader) })),
  ];
}

/** Where it leads, in the regions that it changes. */
function followLine({ address, event: type, outcome, from, to }: PlannedStep): string {
  const event = type.replace(/^xstate\.done\.actor\.(\w+)$/, "$1 ✓");
  const changed = to.filter((state) => !from.includes(state));
  if (outcome !== "applied" || changed.length === 0) return say("desk-follow-same", { event, address });
  return say("desk-follow", { event, address, to: changed.join(", ") });
}

const shortened = (text: string): string => (text.length > TOLD_MAX ? `${text.slice(0, TOLD_MAX)}…` : text);
