// Everyday commands in the staff chat: previewed, confirmed by whoever asked, and by a second person above the limit.
import { addressOf, ProductCode } from "../../../machines/address.ts";
import type { Approval } from "../../support/answers/people.ts";
import { mayDo, roleMissing } from "../../support/staff.ts";
import { orderOf } from "./command-list.ts";
import { findPerson } from "./look-up.ts";
import { planCard } from "./plan-card.ts";
import type { Card } from "./ports.ts";
import { type Deed, deskButton, type StaffTable, say } from "./table.ts";

const NUMBERS = new Set(["days", "held"]);
const SHORTEST_REASON = 5;
const LONGEST_REASON = 500;

type Order = Extract<Card, { kind: "order" }>;

/** @param text The whole message. @throws AppError what the command throws */
export async function previewOrder(
  table: StaffTable,
  { member, updateId }: Deed,
  typed: string,
  text: string,
): Promise<void> {
  const order = orderOf(typed);
  if (order === null) return;
  const { command } = order;
  if (!mayDo(member.role, command.role)) throw roleMissing(command.role);
  const [, whom, ...rest] = text.trim().split(/\s+/);
  const given = rest.slice(0, order.words.length);
  const reason = rest.slice(order.words.length).join(" ");
  if (whom === undefined || given.length < order.words.length || !isReason(reason)) {
    const words = [command.target, ...order.words].map((word) => `<${word}>`).join(" ");
    return table.post({ text: say("desk-usage", { usage: `/${typed} ${words}` }) });
  }
  const target = command.target === "telegramId" ? await findPerson(table, whom) : whom;
  if (target === null) return;
  const { commands, everyday, preview } = table.room.desk;
  const fields = Object.fromEntries(order.words.map((word, index) => [word, asField(word, given[index] ?? "")]));
  const missing = await missingOf(table, String(target), fields);
  if (missing !== null) return table.post({ text: missing });
  const { address, event, expectedRev } = await command.translate(String(target), fields, everyday);
  const plan = await preview(address, commands.sign({ member, address, event, reason }));
  const { timeZone, now } = everyday;
  const described = planCard({ event: event.type, address }, plan, { timeZone, nowMs: now() });
  if (plan.step.outcome !== "applied") return table.post({ text: described });
  await table.post({
    text: described,
    buttons: [
      [
        deskButton("button-desk-confirm", "deskdo", { style: plan.final ? "danger" : "primary" }),
        deskButton("button-desk-cancel", "deskcancel"),
      ],
    ],
    card: {
      ...{ kind: "order", address, event, reason, key: `chat-order-${updateId}`, by: member.userId },
      ...{ expectedSeq: expectedRev ?? plan.expectedSeq, planHash: plan.planHash },
    },
  });
}

/** A plan or product that people mistyped; null when there is none such. @throws AppError redis.unreachable */
async function missingOf(
  { room }: StaffTable,
  target: string,
  { plan, product }: Readonly<Record<string, unknown>>,
): Promise<string | null> {
  const { actors, catalog } = room.desk.everyday;
  if (typeof plan === "string" && !catalog().plans.has(plan)) return say("desk-none-plan", { sought: plan });
  if (typeof product !== "string" || catalog().products.has(product)) return null;
  // One that is sold no more still has its subscribers.
  const { success } = ProductCode.safeParse(product);
  const view = success ? await actors.read(addressOf.subscription(Number(target), product)) : null;
  return view === null ? say("desk-none-product", { sought: product }) : null;
}

const isReason = (text: string): boolean => text.length >= SHORTEST_REASON && text.length <= LONGEST_REASON;

/** `days life` is no number: the command itself says what it takes. */
const asField = (word: string, given: string): unknown => {
  if (!NUMBERS.has(word)) return given;
  if (given === "life") return null;
  return /^\d{1,9}$/.test(given) ? Number(given) : given;
};

/** @throws AppError actor.staleRevision, actor.planChanged and what the command throws */
export async function confirmOrder(
  table: StaffTable,
  { member }: Deed,
  messageId: number,
  order: Order,
): Promise<void> {
  const { address, event, reason, key: idempotencyKey, expectedSeq, planHash } = order;
  const answered = await table.room.desk.commands.send({
    ...{ member, address, event, reason, idempotencyKey },
    guards: { expectedRev: expectedSeq, planHash },
  });
  const about = { event: event.type, address, by: member.name };
  if (answered.kind === "sent") return table.settle(messageId, say(`desk-done-${answered.result.outcome}`, about));
  await table.settle(messageId, say("desk-held", about));
  await table.post(approvalCard(answered.approval));
}

/** Another's too, by whoever could have asked for it. @throws AppError http.forbidden */
export async function cancelOrder(
  table: StaffTable,
  { member }: Deed,
  messageId: number,
  { by, address, event, reason }: Order,
): Promise<void> {
  if (by !== member.userId) table.room.desk.commands.sign({ member, address, event, reason });
  await table.settle(messageId, say("desk-cancelled"));
}

const approvalCard = ({ id, title, address, askedBy, reason }: Approval) => ({
  text: say("desk-approval", { title, address: address ?? "—", by: askedBy, reason }),
  buttons: [
    [
      deskButton("button-desk-approve", "deskapprove", { style: "primary" as const }),
      deskButton("button-desk-refuse", "deskrefuse"),
    ],
  ],
  card: { kind: "approval" as const, approvalId: id },
});

/** Kept with the decision: a button has no words of its own. */
const NOTE = "in the staff chat";

/** @throws AppError approval.own, approval.decided, approval.expired, approval.notFound, http.forbidden */
export async function decideApproval(
  table: StaffTable,
  { member }: Deed,
  messageId: number,
  approvalId: string,
  verdict: "approve" | "refuse",
): Promise<void> {
  const { approvals } = table.room.desk;
  if (verdict === "approve") await approvals.approve(approvalId, member, NOTE);
  else await approvals.refuse(approvalId, member, NOTE);
  const title = (await approvals.read(approvalId))?.title ?? "";
  await table.settle(
    messageId,
    say(verdict === "approve" ? "desk-approved" : "desk-turned-down", { title, by: member.name }),
  );
}
