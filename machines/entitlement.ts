/** The facts that open or close access, whoever asks: join requests, removals, the product's gateway, support's "why?". */
export interface EntitlementFacts {
  /** Path of the billing region, such as `active.term` or `pastDue.grace`; null without a subscription. */
  readonly billing: string | null;
  readonly riskBlocked: boolean;
  /** Epoch ms. */
  readonly overrideUntil: number | null;
}

const OPEN_STATES = ["trialing", "active", "renewalSlack", "pastDue.grace"] as const;

/** The one rule of access. `now`: epoch ms. */
export function entitled(facts: EntitlementFacts, now: number): boolean {
  if (facts.riskBlocked) return false;
  if (facts.overrideUntil !== null && facts.overrideUntil > now) return true;
  const billing = facts.billing;
  return billing !== null && OPEN_STATES.some((state) => billing === state || billing.startsWith(`${state}.`));
}
