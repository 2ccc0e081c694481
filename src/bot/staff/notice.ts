// What staff are told; a request carries buttons where somebody is listed who may press them.
import type { Chat } from "../chat.ts";
import { type NotifyStaff, staffText } from "../staff-notices.ts";
import type { StaffRoom } from "./ports.ts";
import { makeStaffTable } from "./table.ts";
import { ticketButtons } from "./tickets.ts";

/** @throws GrammyError, HttpError, AppError redis.unreachable */
export async function tellStaff(
  room: StaffRoom | null,
  chat: Chat,
  staffChatId: string,
  notice: Pick<NotifyStaff, "notice" | "params">,
): Promise<void> {
  const text = staffText(notice);
  const { ticketId } = notice.params;
  if (room !== null && typeof ticketId === "string")
    return makeStaffTable(room, chat, staffChatId).post({ text, ...ticketButtons(ticketId) });
  await chat.api.sendMessage(staffChatId, text, { parse_mode: "HTML", link_preview_options: { is_disabled: true } });
}
