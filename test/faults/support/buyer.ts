// A customer with a phone and patience: whatever the service suffers, they try again, and pay once per purchase.
import { setTimeout as sleep } from "node:timers/promises";
import type { Person } from "../../../src/sandbox/telegram/people/person.ts";
import { CHATS } from "../../journeys/support/plans.ts";
import { until } from "./until.ts";

/** Not renewing: every charge adds its whole term to the end, so one that counted twice shows. */
export const PLAN = { code: "club-quarter", termMs: 7_776_000_000 } as const;
const INVITE_LINK = /\/\+/;
/** After so long without an answer a person presses again. Unit: milliseconds. */
const ASKS_AGAIN_AFTER_MS = 4_000;

export class Buyer {
  readonly person: Person;
  /** What was taken from them at Telegram. */
  readonly charges: string[] = [];

  constructor(person: Person) {
    this.person = person;
  }

  get isInside(): boolean {
    return this.person.isIn(CHATS.club);
  }

  /** Until an invoice lies in the chat that was not there before. */
  async choosesPlan(): Promise<number> {
    const before = this.#invoice();
    const button = `v1:plan:${PLAN.code}`;
    let askedAt = Number.NEGATIVE_INFINITY;
    let wasOffered = false;
    return until("an invoice is shown", () => {
      const newest = this.#invoice();
      if (newest !== before) return newest;
      const isOffered = this.#bubbles().some(({ data }) => data.includes(button));
      const isLong = performance.now() - askedAt > ASKS_AGAIN_AFTER_MS;
      if (isLong || (isOffered && !wasOffered)) {
        askedAt = performance.now();
        if (isOffered) this.person.press(button);
        else this.person.send("/start plans");
      }
      wasOffered = isOffered;
      return null;
    });
  }

  /** Until the money is taken. */
  async pays(messageId: number): Promise<string> {
    for (;;) {
      const outcome = await this.person.payInvoice({ messageId });
      if (outcome.kind === "paid") {
        this.charges.push(outcome.chargeId);
        return outcome.chargeId;
      }
      if (outcome.kind === "insufficientStars") throw new Error("the buyer has too few Stars");
      await sleep(200);
    }
  }

  async buys(): Promise<string> {
    return this.pays(await this.choosesPlan());
  }

  /** Until they are inside. */
  async joins(): Promise<void> {
    await until("the buyer is inside", async () => {
      if (this.isInside) return true;
      const link = this.#invitation();
      const outcome = link === null ? null : this.person.openLink(link);
      if (outcome?.kind === "refused" && outcome.reason !== "alreadyMember") await this.#asksForLink();
      await sleep(200);
      return this.isInside ? true : null;
    });
  }

  /** By the newest link, if there is one. */
  knocks(): void {
    const link = this.#invitation();
    if (link !== null && !this.isInside) this.person.openLink(link);
  }

  async buysAndJoins(): Promise<void> {
    await this.buys();
    await this.joins();
  }

  async #asksForLink(): Promise<void> {
    this.person.send("/status");
    await sleep(1_000);
  }

  #bubbles() {
    return this.person
      .messages()
      .filter(({ isDeleted, from }) => from === "bot" && !isDeleted)
      .map((bubble) => ({
        bubble,
        data: bubble.buttons.flat().flatMap((button) => (button.kind === "callback" ? [button.data] : [])),
        urls: bubble.buttons.flat().flatMap((button) => (button.kind === "url" ? [button.url] : [])),
      }));
  }

  #invoice(): number {
    return this.#bubbles().findLast(({ bubble }) => bubble.kind === "invoice")?.bubble.messageId ?? 0;
  }

  #invitation(): string | null {
    const shown = this.#bubbles().flatMap(({ urls }) => urls.filter((url) => INVITE_LINK.test(url)));
    return shown.at(-1) ?? null;
  }
}
