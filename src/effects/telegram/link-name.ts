// The name of an invite link comes back with every knock and join by it: it says whom the link was made for.

export const linkNameOf = (userId: number): string => `u${userId}`;

/** The owner of a link of ours, by its name; null for any other link. */
export function linkOwnerOf(name: string | undefined): number | null {
  const digits = /^u([1-9]\d{0,15})$/.exec(name ?? "")?.[1];
  return digits === undefined ? null : Number(digits);
}
