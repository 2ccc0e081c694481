// The plans file on disk: read, located (every problem has its line), and replaced while the service runs.
import { readFile, stat } from "node:fs/promises";
import { isMap, isPair, isScalar, LineCounter, type ParsedNode, parseDocument } from "yaml";
import { AppError } from "./errors.ts";
import { type Catalog, makeCatalog, type PlansOptions, type PlansProblem } from "./plans.ts";

/** Products and prices to try the service with. */
export const SAMPLE_PLANS_FILE = `${import.meta.dirname}/sample-plans.yaml`;

const MAX_FILE_BYTES = 1_048_576;

export type PlansResult =
  | { readonly ok: true; readonly catalog: Catalog }
  | { readonly ok: false; readonly problems: readonly string[] };

/** @returns every problem at once, as `plans[0].price.amount (line 12): reason`; never a value of the file. */
export async function readPlansFile(path: string, options?: PlansOptions): Promise<PlansResult> {
  try {
    const { size } = await stat(path);
    if (size > MAX_FILE_BYTES) return { ok: false, problems: ["the plans file is larger than 1 MB"] };
    return parsePlans(await readFile(path, "utf8"), options);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return { ok: false, problems: [`the plans file cannot be read (${code}): check PLANS_FILE and its permissions`] };
  }
}

/** @param text YAML, of which JSON is a part. */
export function parsePlans(text: string, options?: PlansOptions): PlansResult {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  if (document.errors.length > 0) {
    return {
      ok: false,
      problems: document.errors.map(
        ({ message, pos }) => `line ${lines.linePos(pos[0]).line}: ${withoutQuotes(message)}`,
      ),
    };
  }
  const result = makeCatalog(document.toJS({ maxAliasCount: 100 }), options);
  if (result.ok) return result;
  return { ok: false, problems: result.problems.map((problem) => locate(problem, document.contents, lines)) };
}

/** The parser quotes what it stumbled over, which may be a provider's token. */
const withoutQuotes = (message: string): string => message.replace(/"(?:[^"\\]|\\.)*"/g, '"…"');

function locate({ path, reason }: PlansProblem, root: ParsedNode | null, lines: LineCounter): string {
  const offset = offsetOf(path, root);
  const where = formatPath(path) || "the file";
  return offset === undefined ? `${where}: ${reason}` : `${where} (line ${lines.linePos(offset).line}): ${reason}`;
}

/** Of the key rather than of the value, which may begin lines below. What is missing is located where it should be: at its parent. */
function offsetOf(path: readonly PropertyKey[], root: ParsedNode | null): number | undefined {
  let node: unknown = root;
  let offset = root?.range[0];
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
      if (!isPair(pair)) break;
      offset = (pair.key as ParsedNode).range[0];
      node = pair.value;
    } else {
      const item = (node as { items?: ParsedNode[] } | null)?.items?.[Number(step)];
      if (!item) break;
      offset = item.range[0];
      node = item;
    }
  }
  return offset;
}

const formatPath = (path: readonly PropertyKey[]): string =>
  path
    .map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`))
    .join("")
    .replace(/^\./, "");

/** The catalog in use. Every reader asks again, so a reload reaches all of them at once. */
export interface CatalogSource {
  current(): Catalog;
  /** Reads the file again, or another one in its place. A file with problems changes nothing. */
  reload(from?: string): Promise<ReloadResult>;
}

export type ReloadResult =
  | { readonly ok: true; readonly changed: boolean; readonly catalog: Catalog }
  | { readonly ok: false; readonly problems: readonly string[] };

/** @throws AppError `plans.invalid` with `details.problems` when there is no catalog to begin with. */
export async function makeCatalogSource(path: string, options?: PlansOptions): Promise<CatalogSource> {
  const first = await readPlansFile(path, options);
  if (!first.ok) throw new AppError("plans.invalid", { details: { problems: first.problems } });
  let current = first.catalog;
  return {
    current: () => current,
    async reload(from = path) {
      const next = await readPlansFile(from, options);
      if (!next.ok) return next;
      const changed = next.catalog.version !== current.version;
      current = next.catalog;
      return { ok: true, changed, catalog: current };
    },
  };
}
