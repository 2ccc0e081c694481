// Invoices, checkouts, Stars.
import type { Message } from "@grammyjs/types";
import { z } from "zod";
import { badRequest } from "../errors.ts";
import type { ResolvedOptions } from "../options.ts";
import { characters } from "../text/formatted-text.ts";
import type { InvoiceRecord } from "../world/invoices.ts";
import { send } from "./addressing.ts";
import { defineMethod, type MethodDefinition } from "./define.ts";
import {
  bytes,
  chatId,
  flag,
  inlineKeyboard,
  integer,
  notModelled,
  optionalText,
  sending,
  text,
  userId,
} from "./fields.ts";

const MAX_SUBSCRIPTION_STARS = 10_000;
const MAX_INVOICE_STARS = 100_000;
const MIN_PERIOD_SECONDS = 5;

const length = (min: number, max: number, refusal: string) =>
  z.string().refine((t) => characters(t) >= min && characters(t) <= max, { error: refusal });

/** Parameters of both kinds of invoice. */
const invoice = {
  title: length(1, 32, "INVOICE_TITLE_INVALID"),
  description: length(1, 255, "INVOICE_DESCRIPTION_INVALID"),
  payload: z.string().refine((p) => bytes(p) >= 1 && bytes(p) <= 128, { error: "INVOICE_PAYLOAD_INVALID" }),
  provider_token: optionalText,
  currency: z.string().refine((c) => /^[A-Z]{3}$/.test(c), { error: "CURRENCY_INVALID" }),
  prices: z
    .array(z.strictObject({ label: z.string().min(1), amount: z.int() }))
    .min(1)
    .max(50),
  max_tip_amount: integer,
  suggested_tip_amounts: z.array(z.int().positive()).max(4).exactOptional(),
  provider_data: optionalText,
  photo_url: z.url().exactOptional(),
  photo_size: integer,
  photo_width: integer,
  photo_height: integer,
  need_name: flag,
  need_phone_number: flag,
  need_email: flag,
  need_shipping_address: flag,
  send_phone_number_to_provider: flag,
  send_email_to_provider: flag,
  is_flexible: flag,
};

type InvoiceParams = z.output<z.ZodObject<typeof invoice>>;

/** @throws BotApiError with the code of the rule that is broken. */
function invoiceRecord(
  params: InvoiceParams,
  options: ResolvedOptions,
  kind: { readonly link: string | null; readonly startParameter: string; readonly periodSeconds: number | undefined },
): InvoiceRecord {
  const totalAmount = params.prices.reduce((sum, price) => sum + price.amount, 0);
  if (params.currency === "XTR") checkStars(params, totalAmount);
  else checkFiat(params, totalAmount, options);
  if (kind.periodSeconds !== undefined) checkPeriod(params.currency, totalAmount, kind.periodSeconds, options);
  return {
    link: kind.link,
    title: params.title,
    description: params.description,
    payload: params.payload,
    currency: params.currency,
    totalAmount,
    subscriptionPeriodSeconds: kind.periodSeconds ?? null,
    startParameter: kind.startParameter,
  };
}

function checkStars(params: InvoiceParams, totalAmount: number): void {
  const isWrong =
    (params.provider_token ?? "") !== "" ||
    params.prices.length !== 1 ||
    (params.max_tip_amount ?? 0) !== 0 ||
    (params.suggested_tip_amounts ?? []).length > 0 ||
    params.is_flexible === true;
  if (isWrong) throw badRequest("STARS_INVOICE_INVALID");
  if (totalAmount < 1 || totalAmount > MAX_INVOICE_STARS) throw badRequest("CURRENCY_TOTAL_AMOUNT_INVALID");
}

function checkFiat(params: InvoiceParams, totalAmount: number, options: ResolvedOptions): void {
  if (!options.providerTokens.includes(params.provider_token ?? "")) throw badRequest("PAYMENT_PROVIDER_INVALID");
  if (totalAmount < 1) throw badRequest("CURRENCY_TOTAL_AMOUNT_INVALID");
  if (params.is_flexible || params.need_shipping_address) throw badRequest("shipping is not modelled by the emulator");
}

function checkPeriod(currency: string, totalAmount: number, periodSeconds: number, options: ResolvedOptions): void {
  const isAllowed = options.freePeriods
    ? periodSeconds >= MIN_PERIOD_SECONDS
    : options.subscriptionPeriods.includes(periodSeconds);
  if (!isAllowed) throw badRequest("SUBSCRIPTION_PERIOD_INVALID");
  if (currency !== "XTR") throw badRequest("STARS_INVOICE_INVALID");
  if (totalAmount > MAX_SUBSCRIPTION_STARS) throw badRequest("CURRENCY_TOTAL_AMOUNT_INVALID");
}

const sendInvoice = defineMethod(
  "sendInvoice",
  {
    chat_id: chatId,
    ...sending,
    ...invoice,
    start_parameter: z
      .string()
      .regex(/^[\w-]{0,64}$/)
      .exactOptional(),
    // Refused by name: subscriptions exist only as links.
    subscription_period: z.custom<never>(() => false, { error: "SUBSCRIPTION_EXPORT_MISSING" }).exactOptional(),
    reply_markup: inlineKeyboard.exactOptional(),
  },
  (params, { world, options }) => {
    const record = invoiceRecord(params, options, {
      link: null,
      startParameter: params.start_parameter ?? "",
      periodSeconds: undefined,
    });
    const first = params.reply_markup?.inline_keyboard[0]?.[0];
    if (params.reply_markup && params.reply_markup.inline_keyboard.length > 0 && !(first && "pay" in first))
      throw badRequest("BUTTON_TYPE_INVALID");
    const content = {
      invoice: {
        title: record.title,
        description: record.description,
        start_parameter: record.startParameter,
        currency: record.currency,
        total_amount: record.totalAmount,
      },
    };
    return send(world, params.chat_id, content, params, record).message as Message.InvoiceMessage;
  },
);

const createInvoiceLink = defineMethod(
  "createInvoiceLink",
  { business_connection_id: notModelled(), ...invoice, subscription_period: integer },
  (params, { world, options }) => {
    const link = world.context.ids.invoiceLink();
    const record = invoiceRecord(params, options, {
      link,
      startParameter: "",
      periodSeconds: params.subscription_period,
    });
    world.invoices.addLink({ ...record, link });
    return link;
  },
);

const answerPreCheckoutQuery = defineMethod(
  "answerPreCheckoutQuery",
  { pre_checkout_query_id: text, ok: z.boolean(), error_message: optionalText },
  (params, { world }) => {
    world.payments.checkouts.answer(params.pre_checkout_query_id, params.ok, params.error_message);
    return true;
  },
);

const getMyStarBalance = defineMethod("getMyStarBalance", {}, (_params, { world }) => ({
  amount: world.payments.ledger.balance,
}));

const getStarTransactions = defineMethod(
  "getStarTransactions",
  {
    offset: z.int().nonnegative().exactOptional(),
    limit: z.int().min(1).max(100).exactOptional(),
  },
  (params, { world }) => ({
    transactions: world.payments.ledger.transactions(params.offset ?? 0, params.limit ?? 100),
  }),
);

const refundStarPayment = defineMethod(
  "refundStarPayment",
  { user_id: userId, telegram_payment_charge_id: text },
  (params, { world }) => {
    world.payments.refund(params.user_id, params.telegram_payment_charge_id);
    return true;
  },
);

const editUserStarSubscription = defineMethod(
  "editUserStarSubscription",
  { user_id: userId, telegram_payment_charge_id: text, is_canceled: z.boolean() },
  (params, { world }) => {
    world.payments.subscriptions.editByBot(params.user_id, params.telegram_payment_charge_id, params.is_canceled);
    return true;
  },
);

export const paymentMethods: readonly MethodDefinition[] = [
  sendInvoice,
  createInvoiceLink,
  answerPreCheckoutQuery,
  getMyStarBalance,
  getStarTransactions,
  refundStarPayment,
  editUserStarSubscription,
];
