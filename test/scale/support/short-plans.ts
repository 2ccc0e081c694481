// Plans whose terms are seconds, for a whole life in a quarter of a minute of real time.

export const CHANNEL = -1_001_000_000_009;
export const SHORT = { code: "short", amount: 100, periodSeconds: 6 } as const;

/** @param policies YAML in one line. */
export const shortPlans = (policies = "{}"): string => `
products:
  - { code: club, title: { ru: Клуб, en: The club }, channels: ["${CHANNEL}"], access: joinRequest }
plans:
  - { code: ${SHORT.code}, product: club, title: { ru: Коротко, en: Short }, price: { currency: XTR, amount: ${SHORT.amount} }, periodSeconds: ${SHORT.periodSeconds}, recurring: true }
  - { code: long, product: club, title: { ru: Надолго, en: Long }, price: { currency: XTR, amount: 300 }, periodSeconds: 7776000 }
policies: ${policies}
`;

/** The same for those who watch for minutes: everybody renews after a month, which they do not see. */
export const monthPlans = (policies?: string): string =>
  shortPlans(policies).replace(`periodSeconds: ${SHORT.periodSeconds},`, "periodSeconds: 2592000,");
