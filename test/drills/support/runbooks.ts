// The pages of the runbook as data: headings, links, and the commands that drills carry out.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../../..");
export const FOLDERS = { en: join(ROOT, "docs/runbooks"), ru: join(ROOT, "docs/ru/runbooks") } as const;
export type Language = keyof typeof FOLDERS;

export interface Runbook {
  readonly path: string;
  readonly text: string;
  /** Without fenced blocks: what is in them is no heading and no link. */
  readonly prose: string;
  /** By the name behind `drill=`, in their order. */
  readonly steps: ReadonlyMap<string, string>;
  /** `##`, `###` … in their order, with the heading's text. */
  readonly headings: readonly { readonly level: number; readonly title: string }[];
}

const FENCED = /^```(.*)\n([\s\S]*?)^```$/gm;

export const namesIn = (language: Language): readonly string[] => readdirSync(FOLDERS[language]).sort();

/** @throws Error when a command has no name, so that no drill could carry it out, or two have the same */
export function readRunbook(name: string, language: Language = "en"): Runbook {
  const path = join(FOLDERS[language], `${name}.md`);
  const text = readFileSync(path, "utf8");
  const steps = new Map<string, string>();
  for (const [, info = "", body = ""] of text.matchAll(FENCED)) {
    if (info === "yaml") continue;
    const step = /^sh drill=([\w-]+)$/.exec(info)?.[1];
    if (step === undefined || steps.has(step)) throw new Error(`${path}: a block without a name of its own: ${info}`);
    steps.set(step, body);
  }
  const prose = text.replaceAll(FENCED, "");
  return { path, text, prose, steps, headings: headingsIn(prose) };
}

export const headingsIn = (prose: string): Runbook["headings"] =>
  [...prose.matchAll(/^(#+) (.+)$/gm)].map(([, marks = "", title = ""]) => ({ level: marks.length, title }));

/** The anchor that GitHub gives a heading. */
export const anchorOf = (title: string): string =>
  title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");
