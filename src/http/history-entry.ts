import type { AuditEntry } from "../runtime/ports.ts";

/** An entry of the record as it is answered: outside the service a revision is a sequence number. */
export const historyEntry = ({ rev, ...entry }: AuditEntry) => ({ ...entry, seq: rev });
