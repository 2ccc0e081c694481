// Invoices: links (no owner, no end, payable any number of times by anybody) and invoice messages.

export interface InvoiceRecord {
  /** `https://t.me/$...`; null for an invoice message. */
  readonly link: string | null;
  readonly title: string;
  readonly description: string;
  readonly payload: string;
  readonly currency: string;
  /** Unit: whole Stars for XTR, else the currency's smallest unit. */
  readonly totalAmount: number;
  /** Unit: seconds. */
  readonly subscriptionPeriodSeconds: number | null;
  readonly startParameter: string;
}

export class Invoices {
  readonly #links = new Map<string, InvoiceRecord>();

  addLink(invoice: InvoiceRecord & { readonly link: string }): void {
    this.#links.set(invoice.link, invoice);
  }

  findLink(url: string): InvoiceRecord | undefined {
    return this.#links.get(url.replace("https://t.me/invoice/", "https://t.me/$"));
  }

  all(): readonly InvoiceRecord[] {
    return [...this.#links.values()];
  }
}
