// State charts are printed from the machines: `npm run charts` writes visualizations/, `--check` fails when a file there is stale.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { MachineDefinition } from "../../../machines/definition.ts";
import { definitions } from "../../../machines/registry.ts";
import type { Outline } from "../../console/chart/outline.ts";
import { draw, drawOverview } from "./drawing.ts";
import { writeIndex } from "./index-page.ts";
import { writeMermaid } from "./mermaid.ts";
import { overviewOf } from "./overview.ts";
import { readMachine } from "./read-machine.ts";
import { writeSvg } from "./svg.ts";

export const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const FOLDER = "visualizations";

/** Content by file name, relative to visualizations/. */
export type ChartFiles = ReadonlyMap<string, string>;

/** @param machines Of all that get a chart, in the order of the index page. */
export async function printCharts(machines: readonly MachineDefinition[] = definitions): Promise<ChartFiles> {
  const css = readFileSync(join(ROOT, "src/console/chart/chart.css"), "utf8");
  const outlines = machines.map(outlineOf);
  const files = new Map<string, string>();
  for (const outline of outlines) {
    const { machine } = outline;
    files.set(`${machine}.svg`, writeSvg(outline, await draw(outline, false), css));
    files.set(`${machine}-compact.svg`, writeSvg(outline, await draw(outline, true), css));
    const overview = overviewOf(outline);
    if (overview) files.set(`${machine}-overview.svg`, writeSvg(overview.outline, await drawOverview(overview), css));
    files.set(`${machine}.json`, `${JSON.stringify(outline, null, 1)}\n`);
    files.set(`${machine}.mmd`, writeMermaid(outline));
  }
  return files.set("README.md", writeIndex(outlines));
}

export function outlineOf({ name, machine }: MachineDefinition): Outline {
  const outline = readMachine(name, machine, about(name));
  return { ...outline, hasOverview: overviewOf(outline) !== null };
}

/** The first sentence of the machine's page of words after its title: what an actor of it is. */
function about(name: string): string | null {
  const page = readFileSync(join(ROOT, "machines", name, "CONTEXT.md"), "utf8");
  const [, text = ""] = page.split(/\n\n/);
  return /^[^|#!]+?[.!](?=\s|$)/.exec(text.replace(/\s+/g, " "))?.[0] ?? null;
}

/** @returns names of files that are missing, that differ, or that belong to no chart. */
export function staleCharts(root: string, files: ChartFiles): string[] {
  const folder = join(root, FOLDER);
  const stale = [...files].filter(([name, text]) => readIfPresent(join(folder, name)) !== text).map(([name]) => name);
  return [...stale, ...namesIn(folder).filter((name) => !files.has(name))];
}

export function writeCharts(root: string, files: ChartFiles): void {
  const folder = join(root, FOLDER);
  mkdirSync(folder, { recursive: true });
  for (const name of namesIn(folder)) if (!files.has(name)) rmSync(join(folder, name));
  for (const [name, text] of files) writeFileSync(join(folder, name), text);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

function readIfPresent(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

async function main(args: readonly string[]): Promise<void> {
  const files = await printCharts();
  if (!args.includes("--check")) {
    writeCharts(ROOT, files);
    return;
  }
  const stale = staleCharts(ROOT, files);
  if (stale.length === 0) return;
  const names = stale.map((name) => `${FOLDER}/${name}`).join(", ");
  process.stderr.write(`Not what the machines say: ${names}. Run \`npm run charts\` and commit the result.\n`);
  process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv.slice(2));
