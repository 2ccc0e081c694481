// Wildberries tokens of spreadsheets: at most one active per seller and spreadsheet.
import { createHash } from "node:crypto";
import { z } from "zod";

export const StoredToken = z.object({
  spreadsheetId: z.string(),
  sid: z.string(),
  /** What a state file keeps instead of the token. */
  sha256: z.string(),
  suffix: z.string(),
  analytics: z.boolean(),
  /** Epoch ms. */
  expiresAt: z.number(),
  /** Taken out of use by a newer token of the same seller. */
  isReplaced: z.boolean(),
  /** The marketplace does not accept it. */
  isRefused: z.boolean(),
});
export type StoredToken = z.output<typeof StoredToken>;

const SUFFIX_LENGTH = 3;

/** Three dots and the token's last characters. */
export const suffixOf = (token: string): string => `...${token.slice(-SUFFIX_LENGTH)}`;

export class Tokens {
  readonly #tokens: StoredToken[];
  /** The tokens themselves stay in memory only. By digest. */
  readonly #raw = new Map<string, string>();

  constructor(tokens: readonly StoredToken[] = []) {
    this.#tokens = [...tokens];
  }

  /** @returns the stored token, whether it is new, and how many older ones it replaced. */
  add(
    spreadsheetId: string,
    token: string,
    facts: Pick<StoredToken, "sid" | "analytics" | "expiresAt" | "isRefused">,
  ): { readonly stored: StoredToken; readonly created: boolean; readonly replaced: number } {
    const sha256 = createHash("sha256").update(token).digest("hex");
    this.#raw.set(sha256, token);
    const known = this.#tokens.find((other) => other.spreadsheetId === spreadsheetId && other.sha256 === sha256);
    const stored = known ?? { spreadsheetId, sha256, suffix: suffixOf(token), isReplaced: false, ...facts };
    const older = this.#tokens.filter(
      (other) =>
        other !== stored && other.spreadsheetId === spreadsheetId && other.sid === stored.sid && !other.isReplaced,
    );
    for (const other of older) other.isReplaced = true;
    // A token that comes again is the one that its owner wants now.
    stored.isReplaced = false;
    stored.isRefused = facts.isRefused;
    if (!known) this.#tokens.push(stored);
    return { stored, created: !known, replaced: older.length };
  }

  active(spreadsheetId: string, now: number): readonly (StoredToken & { readonly raw: string | null })[] {
    return this.#tokens
      .filter((token) => token.spreadsheetId === spreadsheetId && !token.isReplaced && !token.isRefused)
      .filter((token) => token.expiresAt > now)
      .map((token) => ({ ...token, raw: this.#raw.get(token.sha256) ?? null }));
  }

  /** Sellers that the spreadsheet has ever had a token of. */
  sidsOf(spreadsheetId: string): readonly string[] {
    return [...new Set(this.#tokens.filter((t) => t.spreadsheetId === spreadsheetId).map(({ sid }) => sid))];
  }

  dump(): readonly StoredToken[] {
    return this.#tokens;
  }
}
