// What a Wildberries token says, in the marketplace's own terms.

/** Bits of `s`. */
export const SCOPE_BITS = {
  content: 1,
  analytics: 2,
  prices: 3,
  marketplace: 4,
  statistics: 5,
  promotion: 6,
  feedbacks: 7,
  chat: 9,
  supplies: 10,
  returns: 11,
  documents: 12,
  finance: 13,
  users: 16,
} as const;
export type Scope = keyof typeof SCOPE_BITS;

export const READ_ONLY_BIT = 30;

/** Values of `acc`. */
export const ACCOUNT_KINDS = { basic: 1, test: 2, personal: 3, service: 4 } as const;

/** Arithmetic, because the mask is wider than 32 bits. */
export const hasBit = (mask: number, bit: number): boolean => Math.floor(mask / 2 ** bit) % 2 === 1;
