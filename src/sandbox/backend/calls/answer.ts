// What a call answers, and what it leaves in the journal.

/** Something that a call changed: `kind` and a few ids. */
export interface Effect {
  readonly kind:
    | "spreadsheet_registered"
    | "spreadsheet_reactivated"
    | "owner_changed"
    | "token_added"
    | "token_replaced"
    | "refresh_started"
    | "refresh_merged"
    | "collection_started"
    | "slices_stored"
    | "source_decided";
  readonly [detail: string]: unknown;
}

export interface Answer {
  readonly status: 200 | 202;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}
