// Is this file whole, and does it agree with itself? Asked before anything is written.
import { AppError } from "../errors.ts";
import { chainHash } from "../runtime/audit.ts";
import { type ActorLine, type AuditLine, type ContentLine, textOf } from "./lines.ts";
import { type Header, readLines } from "./read-file.ts";

export interface Checked {
  readonly header: Header;
  /** Of each actor the revision that counts, by address. */
  readonly revisions: ReadonlyMap<string, number>;
  readonly counts: Readonly<Record<string, number>>;
  /** Actors whose history in this file does not lead to their snapshot. It was so when it was exported, or its SHA-256 would differ. */
  readonly broken: readonly string[];
}

interface Chain {
  rev: number;
  hash: string;
}

/**
 * Memory: about 200 bytes for each actor.
 * @param refusalOf why a line would not be written.
 * @throws AppError backup.invalid
 */
export async function checkFile(path: string, refusalOf: (line: ContentLine) => string | null): Promise<Checked> {
  const heads = new Map<string, Chain>();
  const chains = new Map<string, Chain>();
  const broken = new Set<string>();
  const counts: Record<string, number> = {};
  let header: Header | null = null;
  const lines = readLines(path, (read) => {
    header = read;
  });
  for await (const { number, line } of lines) {
    const refusal = refusalOf(line);
    if (refusal !== null)
      throw new AppError("backup.invalid", { details: { problems: [`line ${number}: ${refusal}`] } });
    counts[line.kind] = (counts[line.kind] ?? 0) + 1;
    if (line.kind === "actor") noteHead(heads, line);
    if (line.kind === "audit") follow(chains, broken, line);
  }
  for (const [address, head] of heads) {
    const chain = chains.get(address);
    if (chain?.rev !== head.rev || chain.hash !== head.hash) broken.add(address);
  }
  if (!header) throw new AppError("backup.invalid", { details: { problems: ["the file is empty"] } });
  const revisions = new Map([...heads].map(([address, { rev }]) => [address, rev]));
  return { header, revisions, counts: { ...counts, actor: heads.size }, broken: [...broken] };
}

function noteHead(heads: Map<string, Chain>, { address, rev, head }: ActorLine): void {
  if ((heads.get(address)?.rev ?? 0) < rev) heads.set(address, { rev, hash: head });
}

function follow(chains: Map<string, Chain>, broken: Set<string>, { hash, entry }: AuditLine): void {
  const { a: address, n: rev } = (typeof entry === "string" ? {} : entry) as { a?: string; n?: number };
  if (address === undefined || rev === undefined) return;
  const chain = chains.get(address) ?? { rev: 0, hash: "" };
  if (rev !== chain.rev + 1 || chainHash(chain.hash, textOf(entry)) !== hash) broken.add(address);
  chains.set(address, { rev, hash });
}
