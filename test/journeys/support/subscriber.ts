// One person with a phone, and what the service knows about them: what journeys are written in.
import { expect } from "vitest";
import { addressOf } from "../../../machines/address.ts";
import type { PaymentContext } from "../../../machines/payment/types.ts";
import type { SubscriptionContext } from "../../../machines/subscription/types.ts";
import type { Stage } from "../../../src/sandbox/play/stage.ts";
import type { Person } from "../../../src/sandbox/telegram/people/person.ts";
import type { JoinOutcome } from "../../../src/sandbox/telegram/world/channel-types.ts";
import type { PaymentOutcome } from "../../../src/sandbox/telegram/world/payments.ts";
import { CHATS, type ProductCode } from "./plans.ts";

const INVOICE_LINK = /\/\$/;
const INVITE_LINK = /\/\+/;

export class Subscriber {
  readonly person: Person;
  readonly #stage: Stage;

  constructor(person: Person, stage: Stage) {
    this.person = person;
    this.#stage = stage;
  }

  get id(): number {
    return this.person.id;
  }

  // ---- what they do -----------------------------------------------------------------------------

  async says(text: string): Promise<void> {
    this.person.send(text);
    await this.#stage.settle();
  }

  /** A button that is on screen, by label or data. */
  async presses(button: string): Promise<void> {
    this.person.press(button);
    await this.#stage.settle();
  }

  async pressesForged(data: string, messageId?: number): Promise<void> {
    this.person.pressForged(data, messageId);
    await this.#stage.settle();
  }

  /** Opens the plans and chooses one: a renewing plan shows a link, another one sends an invoice. */
  async chooses(plan: string): Promise<void> {
    await this.says("/start plans");
    await this.presses(`v1:plan:${plan}`);
  }

  /** Pays what was offered last. */
  async pays(): Promise<PaymentOutcome> {
    const outcome = await this.person.payInvoice(this.invoice());
    await this.#stage.settle();
    return outcome;
  }

  /** @returns the charge id. */
  async buys(plan: string): Promise<string> {
    await this.chooses(plan);
    const outcome = await this.pays();
    if (outcome.kind !== "paid")
      throw new Error(`the payment of ${plan} was ${outcome.kind}: ${JSON.stringify(outcome)}`);
    return outcome.chargeId;
  }

  async opens(link: string): Promise<JoinOutcome> {
    const outcome = this.person.openLink(link);
    await this.#stage.settle();
    return outcome;
  }

  /** By the newest invitation. */
  async joins(): Promise<JoinOutcome> {
    return this.opens(this.invitation());
  }

  async buysAndJoins(plan: string): Promise<string> {
    const chargeId = await this.buys(plan);
    await this.joins();
    return chargeId;
  }

  async leaves(product: ProductCode = "club"): Promise<void> {
    this.person.leave(CHATS[product]);
    await this.#stage.settle();
  }

  // ---- what they see ----------------------------------------------------------------------------

  /** The newest thing that can be paid: a link, or an invoice among the messages. */
  invoice(): string | { readonly messageId: number } {
    for (const bubble of this.person.messages().reverse()) {
      if (bubble.kind === "invoice" && !bubble.isDeleted) return { messageId: bubble.messageId };
      const link = bubble.buttons.flat().find((button) => button.kind === "url" && INVOICE_LINK.test(button.url));
      if (link?.kind === "url") return link.url;
    }
    throw new Error("nothing to pay was shown");
  }

  /** The newest invitation on any message. */
  invitation(): string {
    const links = this.person
      .messages()
      .reverse()
      .flatMap((bubble) => bubble.buttons.flat())
      .flatMap((button) => (button.kind === "url" && INVITE_LINK.test(button.url) ? [button.url] : []));
    const [link] = links;
    if (link === undefined) throw new Error(`no invitation was shown; the last words: ${this.texts().at(-1)}`);
    return link;
  }

  hasInvitation(): boolean {
    const screen = this.person.screen();
    return screen?.buttons.flat().some((button) => button.kind === "url" && INVITE_LINK.test(button.url)) ?? false;
  }

  /** What the bot wrote, oldest first. */
  texts(): string[] {
    return this.person
      .messages()
      .filter((bubble) => bubble.from === "bot" && !bubble.isDeleted && bubble.text !== "")
      .map((bubble) => bubble.text);
  }

  /** Everything the bot wrote, for `toMatch`. */
  chat(): string {
    return this.texts().join("\n---\n");
  }

  isIn(product: ProductCode = "club"): boolean {
    return this.person.isIn(CHATS[product]);
  }

  // ---- what the service knows -------------------------------------------------------------------

  subscriptionAt(product: ProductCode = "club") {
    return addressOf.subscription(this.id, product);
  }

  inviteAt(product: ProductCode = "club") {
    return addressOf.invite(this.id, String(CHATS[product]));
  }

  /** Path of a region, such as `active.term.quiet` of billing; "" without a subscription. */
  async region(name: "billing" | "intent", product: ProductCode = "club"): Promise<string> {
    const states = (await this.#stage.read(this.subscriptionAt(product)))?.states ?? [];
    return states.find((state) => state.startsWith(`${name}.`))?.slice(name.length + 1) ?? "";
  }

  billing(product: ProductCode = "club"): Promise<string> {
    return this.region("billing", product);
  }

  intent(product: ProductCode = "club"): Promise<string> {
    return this.region("intent", product);
  }

  /** "" when nobody ever had to do with this person and chat. */
  async inviteState(product: ProductCode = "club"): Promise<string> {
    return (await this.#stage.read(this.inviteAt(product)))?.states[0] ?? "";
  }

  async subscription(product: ProductCode = "club"): Promise<SubscriptionContext> {
    const view = await this.#stage.read(this.subscriptionAt(product));
    if (!view) throw new Error("there is no subscription");
    return view.context as unknown as SubscriptionContext;
  }

  /** Epoch ms. */
  async paidUntil(product: ProductCode = "club"): Promise<number> {
    const { paidUntil } = await this.subscription(product);
    if (paidUntil === null) throw new Error("nothing is paid, or for life");
    return paidUntil;
  }

  async risk(): Promise<string> {
    const states = (await this.#stage.read(addressOf.customer(this.id)))?.states ?? [];
    return states.find((state) => state.startsWith("risk."))?.slice("risk.".length) ?? "";
  }

  async payment(chargeId: string): Promise<{ readonly state: string; readonly context: PaymentContext }> {
    const view = await this.#stage.read(addressOf.payment(chargeId));
    if (!view) throw new Error("there is no such payment");
    return { state: view.states[0] ?? "", context: view.context as unknown as PaymentContext };
  }

  /** States and contexts of everything that belongs to this person: equal before and after means that nothing changed, audited or not. */
  async facts(): Promise<Readonly<Record<string, string>>> {
    const addresses = await this.#stage.actorsOf(this.person);
    const views = await Promise.all(addresses.map((address) => this.#stage.read(address)));
    return Object.fromEntries(
      views.flatMap((view) => (view ? [[view.address, JSON.stringify([view.states, view.context])]] : [])),
    );
  }

  /** Moves the clock past the timer of this name of the subscription. */
  async waitsFor(timer: string, product: ProductCode = "club"): Promise<void> {
    const timers = (await this.#stage.read(this.subscriptionAt(product)))?.timers ?? {};
    const found = Object.entries(timers).find(([id]) => id.startsWith(`${timer}.`));
    expect(found, `a timer ${timer} among ${Object.keys(timers).join(", ")}`).toBeDefined();
    await this.#stage.advanceTo((found?.[1].dueAt ?? 0) + 1);
  }
}
