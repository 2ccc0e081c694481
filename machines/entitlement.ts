/** The facts that open or close access, whoever asks: join requests, removals, the product's gateway, support's "why?". */
export interface EntitlementFacts {
  /** Path of the billing region, such as `active.term` or `pastDue.grace`; null without a subscription. */
  readonly billing: string | null;
  readonly riskBlocked: boolean;
  /** Epoch ms. */
  readonly overrideUntil: number | null;
}

const OPEN_STATES = ["trialing", "active", "renewalSlack", "pastDue.grace"] as const;

const isOpen = (billing: string | null): boolean =>
  billing !== null && OPEN_STATES.some((state) => billing === state || billing.startsWith(`${state}.`));

/** What one fact says about access; `none`: nothing, and the next one is asked. */
export type FactEffect = "opens" | "closes" | "none";

/** The one rule of access, fact by fact: the first that says anything decides. */
const RULE = [
  { fact: "risk", effect: ({ riskBlocked }) => (riskBlocked ? "closes" : "none") },
  {
    fact: "override",
    effect: ({ overrideUntil }, now) => (overrideUntil !== null && overrideUntil > now ? "opens" : "none"),
  },
  { fact: "billing", effect: ({ billing }) => (isOpen(billing) ? "opens" : "closes") },
] as const satisfies readonly {
  readonly fact: string;
  readonly effect: (facts: EntitlementFacts, now: number) => FactEffect;
}[];

/** @param now Epoch ms. */
export function entitled(facts: EntitlementFacts, now: number): boolean {
  for (const { effect } of RULE) {
    const says = effect(facts, now);
    if (says !== "none") return says === "opens";
  }
  return false;
}

export interface ExplainedFact {
  readonly fact: (typeof RULE)[number]["fact"];
  /** What it says, also where an earlier one has decided already. */
  readonly effect: FactEffect;
  /** The answer rests on this one. */
  readonly decides: boolean;
}

/** The same rule with every step in the open: `entitled` is what the deciding fact says. @param now Epoch ms. */
export function explainEntitlement(facts: EntitlementFacts, now: number): readonly ExplainedFact[] {
  const said = RULE.map(({ fact, effect }): Omit<ExplainedFact, "decides"> => ({ fact, effect: effect(facts, now) }));
  const deciding = said.findIndex(({ effect }) => effect !== "none");
  return said.map((one, index) => ({ ...one, decides: index === deciding }));
}
