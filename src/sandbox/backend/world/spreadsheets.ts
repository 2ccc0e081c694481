// Registered spreadsheets and whose they are.
import { z } from "zod";

export const Spreadsheet = z.object({
  id: z.string(),
  ownerEmail: z.string().nullable(),
  isActive: z.boolean(),
  /** Known to belong to its owner: nobody else can take it over, whatever their address. */
  isClaimed: z.boolean(),
  /** Place among the sellers that the world started with; null: registered since. */
  turn: z.int().nullable(),
});
export type Spreadsheet = z.output<typeof Spreadsheet>;

export interface Registration {
  readonly spreadsheet: Spreadsheet;
  readonly created: boolean;
  readonly ownerChanged: boolean;
  readonly reactivated: boolean;
}

export class Spreadsheets {
  readonly #byId = new Map<string, Spreadsheet>();

  constructor(spreadsheets: readonly Spreadsheet[] = []) {
    for (const spreadsheet of spreadsheets) this.#byId.set(spreadsheet.id, spreadsheet);
  }

  get(id: string): Spreadsheet | null {
    return this.#byId.get(id) ?? null;
  }

  all(): readonly Spreadsheet[] {
    return [...this.#byId.values()];
  }

  put(spreadsheet: Spreadsheet): void {
    this.#byId.set(spreadsheet.id, spreadsheet);
  }

  /**
   * Registers, confirms, reactivates, or changes the owner's address.
   * @returns null when the spreadsheet belongs to another customer: it is claimed, or the address is known as that of a customer with
   *   another spreadsheet.
   */
  register(id: string, email: string | null | undefined): Registration | null {
    const ownerEmail = email?.trim().toLowerCase() ?? null;
    const known = this.get(id);
    const isOther = known?.ownerEmail != null && ownerEmail !== null && ownerEmail !== known.ownerEmail;
    if (isOther && (known.isClaimed || this.all().some((other) => other.id !== id && other.ownerEmail === ownerEmail)))
      return null;
    const spreadsheet: Spreadsheet = {
      ...(known ?? { id, isClaimed: false, turn: null }),
      ownerEmail: ownerEmail ?? known?.ownerEmail ?? null,
      isActive: true,
    };
    this.put(spreadsheet);
    return {
      spreadsheet,
      created: known === null,
      ownerChanged: known !== null && known.ownerEmail !== spreadsheet.ownerEmail,
      reactivated: known !== null && !known.isActive,
    };
  }
}
