// What is on sale, as the bot needs it.
import type { Language } from "../../machines/customer/types.ts";
import type { Terms } from "../../machines/terms.ts";
import { type Catalog, termsOf } from "../plans.ts";
import { isOpenTo } from "../rollout.ts";
import { utcOffsetMinutes } from "../time-zone.ts";

export type Title = Readonly<Record<Language, string>>;

export interface PlanOffer {
  readonly code: string;
  readonly product: string;
  readonly title: Title;
  /** For fiat prices: the token of the payment provider; null for Stars. */
  readonly providerToken: string | null;
  /** What a buyer gets, frozen into the order. */
  readonly terms: Terms;
}

export interface ProductOffer {
  readonly code: string;
  readonly title: Title;
  readonly channels: readonly string[];
  readonly robotEmail: string | null;
  readonly plans: readonly PlanOffer[];
}

export interface Offers {
  /** Whether this person may begin to buy, while the service opens step by step. Who bought before always may. */
  readonly isOpenTo: (userId: number) => boolean;
  readonly products: readonly ProductOffer[];
}

/** @param timeZone IANA name; quiet hours are kept by its present offset. @param nowMs Epoch ms. */
export function readOffers(catalog: Catalog, timeZone: string, nowMs: number): Offers {
  const offset = utcOffsetMinutes(timeZone, nowMs);
  const plans = [...catalog.plans.values()].map((plan) => ({
    code: plan.code,
    product: plan.product.code,
    title: plan.title,
    providerToken: plan.providerToken ?? null,
    terms: termsOf(plan, offset),
  }));
  return {
    isOpenTo: (userId) => isOpenTo(catalog.rollout, userId),
    products: [...catalog.products.values()].map(({ code, title, chats, robotEmail }) => ({
      code,
      title,
      channels: chats,
      robotEmail: robotEmail ?? null,
      plans: plans.filter(({ product }) => product === code),
    })),
  };
}

export const findProduct = (offers: Offers, code: string): ProductOffer | undefined =>
  offers.products.find((product) => product.code === code);

export const findPlan = (offers: Offers, code: string): PlanOffer | undefined =>
  offers.products.flatMap((product) => product.plans).find((plan) => plan.code === code);
