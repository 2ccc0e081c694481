// What the people who run the service are told: ids, codes and numbers. What people wrote is read where access to it is checked.
import type { Effect } from "../../machines/effects.ts";
import { t } from "./texts.ts";

export type NotifyStaff = Extract<Effect, { kind: "notifyStaff" }>;

/** Fields in the order in which a person needs them. */
const SHOWN = [
  "title",
  "chatId",
  "ticketId",
  "subject",
  "userId",
  "about",
  "missing",
  "removed",
  "allowed",
  "reason",
  "chargebacks",
  "product",
  "detail",
  "again",
];

/** Pure. For `parse_mode: HTML`. Staff read one language: the first of the product. */
export function staffText(notice: Pick<NotifyStaff, "notice" | "params">): string {
  const fields = SHOWN.flatMap((name) => {
    const value = notice.params[name];
    return value === undefined || value === null || value === "" || value === false
      ? []
      : [t("ru", "staff-field", { name, value: String(value) })];
  });
  return [t("ru", `staff-${notice.notice.replace(".", "-")}`), ...fields].join("\n");
}
