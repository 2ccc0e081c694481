// What a person finds on their screen: the newest invoice, invitation, button.
import type { InvoiceTarget, Person } from "../telegram/people/person.ts";
import type { ButtonView } from "../telegram/people/screen.ts";
import type { PaymentOutcome } from "../telegram/world/payments.ts";

/** `https://t.me/$…` is an invoice, `https://t.me/+…` an invitation. */
export const isInvoiceLink = (url: string): boolean => /\/\$/.test(url);
export const isInvitation = (url: string): boolean => /\/\+/.test(url);

const bubblesOf = (person: Person) =>
  person
    .messages()
    .filter(({ isDeleted }) => !isDeleted)
    .reverse();

const buttonsOf = (person: Person): readonly ButtonView[] => bubblesOf(person).flatMap(({ buttons }) => buttons.flat());

export function newestInvoice(person: Person): InvoiceTarget | null {
  for (const bubble of bubblesOf(person)) {
    const link = bubble.buttons.flat().find((button) => button.kind === "url" && isInvoiceLink(button.url));
    if (link?.kind === "url") return link.url;
    if (bubble.kind === "invoice") return { messageId: bubble.messageId };
  }
  return null;
}

export function newestInvitation(person: Person): string | null {
  const found = buttonsOf(person).find((button) => button.kind === "url" && isInvitation(button.url));
  return found?.kind === "url" ? found.url : null;
}

/** Data of the newest callback button that begins like this, or null. */
export function newestButton(person: Person, beginning: string): string | null {
  const found = buttonsOf(person).find((button) => button.kind === "callback" && button.data.startsWith(beginning));
  return found?.kind === "callback" ? found.data : null;
}

/** Pays; Stars that are missing are bought first. What waits for Stars at Telegram, a failed renewal, takes them before. */
export async function payWith(person: Person, target: InvoiceTarget): Promise<PaymentOutcome> {
  const first = await person.payInvoice(target);
  if (first.kind !== "insufficientStars") return first;
  person.topUp(first.missing);
  return person.payInvoice(target);
}
