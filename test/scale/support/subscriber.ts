// Somebody who subscribes, comes in, is charged again, cancels and is out at the end: by their phone only.
import type { Person } from "../../../src/sandbox/telegram/people/person.ts";
import { until } from "../../faults/support/until.ts";
import { CHANNEL, SHORT } from "./short-plans.ts";

const INVITE_LINK = /\/\+/;
const INVOICE_LINK = /\/\$/;

/** Newest first: what buttons of this chat lead to. */
export function linksOf(person: Person, pattern: RegExp): readonly string[] {
  return person
    .messages()
    .filter(({ from, isDeleted }) => from === "bot" && !isDeleted)
    .flatMap(({ buttons }) => buttons.flat())
    .flatMap((button) => (button.kind === "url" && pattern.test(button.url) ? [button.url] : []))
    .reverse();
}

const showsButton = (person: Person, data: string): boolean =>
  person
    .messages()
    .some(
      ({ from, isDeleted, buttons }) =>
        from === "bot" && !isDeleted && buttons.flat().some((one) => one.kind === "callback" && one.data === data),
    );

/** @returns the link of an invoice that can be paid. */
export async function asksForInvoice(person: Person): Promise<string> {
  const button = `v1:plan:${SHORT.code}`;
  person.send("/start plans");
  await until("the plan is offered", () => (showsButton(person, button) ? true : null));
  person.press(button);
  return until("an invoice is shown", () => linksOf(person, INVOICE_LINK)[0] ?? null);
}

async function buysAndJoins(person: Person): Promise<void> {
  const invoice = await asksForInvoice(person);
  const paid = await person.payInvoice(invoice);
  if (paid.kind !== "paid") throw new Error(`the payment was ${paid.kind}`);
  await until("the person is inside", () => {
    if (person.isIn(CHANNEL)) return true;
    const link = linksOf(person, INVITE_LINK)[0];
    if (link !== undefined) person.openLink(link);
    return person.isIn(CHANNEL) ? true : null;
  });
}

/** From the first button to being outside again, with at least one renewal between. @returns how often they were charged. */
export async function livesWholeLife(person: Person, chargesOf: (userId: number) => number): Promise<number> {
  await buysAndJoins(person);
  await until("a renewal is charged", () => (chargesOf(person.id) >= 2 ? true : null));
  const [subscription] = person.subscriptions();
  if (!subscription || !person.cancelSubscription(subscription.firstChargeId))
    throw new Error("the subscription could not be cancelled");
  const charges = chargesOf(person.id);
  if (!person.isIn(CHANNEL)) throw new Error("somebody who paid for the time is outside");
  await until("the person is out", () => (person.isIn(CHANNEL) ? null : true));
  return charges;
}
