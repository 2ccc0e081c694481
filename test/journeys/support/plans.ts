// What is on sale in the journeys: one product per way of giving access, and one to take rights away from.

export const CHATS = {
  club: -1_001_000_000_001,
  once: -1_001_000_000_002,
  fragile: -1_001_000_000_003,
  suite: -1_001_000_000_004,
} as const;
export type ProductCode = keyof typeof CHATS;

export const PRICES = { clubMonth: 500, clubQuarter: 1_350, onceMonth: 150, euroMinor: 990 } as const;
/** With whom spreadsheets are shared. */
export const ROBOT = "robot@suite.example";
export const FIAT_TOKEN = "398062629:TEST:journeys";

export interface PlansOverrides {
  readonly clubMonthStars?: number;
  /** YAML of the file's `policies`, in one line. */
  readonly policies?: string;
  /** The file's `rollout`, in one line of YAML. */
  readonly rollout?: string;
}

/** A plans file. Months are 30 days. */
export const plansFile = ({
  clubMonthStars = PRICES.clubMonth,
  policies = "{}",
  rollout,
}: PlansOverrides = {}): string => `
products:
  - { code: club, title: { ru: Клуб, en: The club }, channels: ["${CHATS.club}"], access: joinRequest }
  - { code: once, title: { ru: Разовый, en: One-use }, channels: ["${CHATS.once}"], access: oneUseLink }
  - { code: fragile, title: { ru: Хрупкий, en: Fragile }, channels: ["${CHATS.fragile}"], access: joinRequest }
  - { code: suite, title: { ru: Аналитика, en: Analytics }, channels: ["${CHATS.suite}"], access: joinRequest, onboarding: product, robotEmail: ${ROBOT} }
plans:
  - { code: club-month, product: club, title: { ru: Месяц, en: Month }, price: { currency: XTR, amount: ${clubMonthStars} }, periodSeconds: 2592000, recurring: true, trialSeconds: 259200 }
  - { code: club-fortnight, product: club, title: { ru: Две недели, en: Fortnight }, price: { currency: XTR, amount: 300 }, periodSeconds: 1209600, recurring: true }
  - { code: club-quarter, product: club, title: { ru: Квартал, en: Quarter }, price: { currency: XTR, amount: ${PRICES.clubQuarter} }, periodSeconds: 7776000 }
  - { code: club-life, product: club, title: { ru: Навсегда, en: For life }, price: { currency: XTR, amount: 5000 }, periodSeconds: null }
  - { code: club-euro, product: club, title: { ru: Евро, en: Euro }, price: { currency: EUR, amount: ${PRICES.euroMinor}, providerToken: "${FIAT_TOKEN}" }, periodSeconds: 2592000 }
  - { code: once-month, product: once, title: { ru: Месяц, en: Month }, price: { currency: XTR, amount: ${PRICES.onceMonth} }, periodSeconds: 2592000, recurring: true }
  - { code: fragile-month, product: fragile, title: { ru: Месяц, en: Month }, price: { currency: XTR, amount: 200 }, periodSeconds: 2592000, recurring: true }
  - { code: fragile-quarter, product: fragile, title: { ru: Квартал, en: Quarter }, price: { currency: XTR, amount: 400 }, periodSeconds: 7776000 }
  - { code: suite-month, product: suite, title: { ru: Месяц, en: Month }, price: { currency: XTR, amount: 500 }, periodSeconds: 2592000, recurring: true, sla: { readyMinutes: 60, dataRefreshHours: 6 } }
  - { code: suite-quarter, product: suite, title: { ru: Квартал, en: Quarter }, price: { currency: XTR, amount: 1350 }, periodSeconds: 7776000, spreadsheets: 3, sla: { readyMinutes: 60 } }
policies: ${policies}
${rollout === undefined ? "" : `rollout: ${rollout}\n`}`;
