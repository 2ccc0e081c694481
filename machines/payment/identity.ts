// By what a charge and its order are known: the same for an update and for a row of the provider's list of transactions.
import { z } from "zod";
import { OpaqueId } from "../address.ts";

/**
 * What reconciliation and updates call the same thing, so that it counts once for ever. Whoever brings it again puts that on record:
 * something that looks at the same charges again and again adds a `key` of its own, and then does so once.
 */
export const PAYMENT_ONCE = "payment.received";

/** What no id of ours may hold, and the sign that says so: all below U+00A0, so two hexadecimal digits are enough. */
const UNSPEAKABLE = /[%|\p{Cc}]/gu;
const SPELLED = /%([0-9A-F]{2})/g;

/**
 * A provider's charge id as part of an address. Whatever a provider invents must be taken, or money would be lost for the look of its
 * name: forbidden characters are percent-encoded. Two ids never become one, and `providerChargeIdOf` leads back.
 */
export const ChargeId = z
  .string()
  .min(1)
  .transform((id) =>
    id.replace(UNSPEAKABLE, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`),
  )
  .pipe(OpaqueId);

/** The charge id as the provider wrote it: what its API understands. */
export const providerChargeIdOf = (chargeId: string): string =>
  chargeId.replace(SPELLED, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));

export const UNREADABLE_ORDER = "unreadable";

/** The order that a payload names. One that no order can have is kept as an unknown order: the money is real, and staff will look. */
export const orderIdOf = (payload: string): string =>
  OpaqueId.safeParse(payload).success ? payload : UNREADABLE_ORDER;
