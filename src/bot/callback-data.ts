// What a button says when it is pressed: `v1:<event>:<arg>`. An argument is a wish of the person who presses, never somebody else's id.
import { z } from "zod";
import { ProductCode } from "../../machines/address.ts";
import { Language } from "../../machines/customer/types.ts";

/** Telegram's limit. Unit: bytes of UTF-8. */
export const CALLBACK_DATA_MAX = 64;

const PlanCode = z.string().regex(/^[a-z0-9-]{1,32}$/);
/** The beginning of the SHA-256 of a charge id: charge ids are longer than a button may be. */
const ChargeMark = z.string().regex(/^[0-9a-f]{16}$/);

/** A product, and which of its connected spreadsheets or of the set-up's steps: `wb-analytics.0`. */
const Numbered = z.string().regex(/^[a-z0-9-]{1,32}\.\d{1,2}$/);

const none = <const E extends string>(event: E) => z.object({ event: z.literal(event), arg: z.literal("") });
const of = <const E extends string, S extends z.ZodType<string>>(event: E, arg: S) =>
  z.object({ event: z.literal(event), arg });

const Press = z.discriminatedUnion("event", [
  none("home"),
  none("plans"),
  none("terms"),
  none("privacy"),
  none("help"),
  none("language"),
  none("paysupport"),
  none("support"),
  none("topup"),
  none("leave"),
  of("lang", Language),
  of("offer", ProductCode),
  of("status", ProductCode),
  of("invite", ProductCode),
  of("cancelask", ProductCode),
  of("cancel", ProductCode),
  of("undo", ProductCode),
  of("pauseask", ProductCode),
  of("pause", ProductCode),
  of("resume", ProductCode),
  none("mute"),
  none("unmute"),
  none("forgetask"),
  none("forget"),
  of("plan", PlanCode),
  of("trial", PlanCode),
  of("connect", ProductCode),
  of("connectback", Numbered),
  of("connectlater", ProductCode),
  of("connectkeep", ProductCode),
  of("connectcheck", ProductCode),
  of("connectrestart", ProductCode),
  of("connectquiet", ProductCode),
  of("tokenhelp", ProductCode),
  of("addsheet", ProductCode),
  of("retoken", Numbered),
  of("refundask", ChargeMark),
  of("refund", ChargeMark),
]);
export type Press = z.infer<typeof Press>;
export type PressEvent = Press["event"];
type ArgOf<E extends PressEvent> = Extract<Press, { event: E }>["arg"];

/** The data of a button. */
export const press = <E extends PressEvent>(event: E, ...arg: ArgOf<E> extends "" ? [] : [arg: ArgOf<E>]): string =>
  `v1:${event}:${arg[0] ?? ""}`;

/** @returns null for what no button of this version says: forged, or from another version. */
export function parsePress(data: string): Press | null {
  if (Buffer.byteLength(data) > CALLBACK_DATA_MAX) return null;
  const parts = /^v1:([a-z]{1,16}):([^:]*)$/.exec(data);
  if (!parts) return null;
  const parsed = Press.safeParse({ event: parts[1], arg: parts[2] });
  return parsed.success ? parsed.data : null;
}
