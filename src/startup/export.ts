// `npm run -s export -- --out FILE`.
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { definitions } from "../../machines/registry.ts";
import { exportAll } from "../backup/export.ts";
import { type ContentLine, FORMAT, FORMAT_VERSION } from "../backup/lines.ts";
import type { BackupSource } from "../backup/ports.ts";
import { openLineWriter } from "../backup/write-file.ts";
import { parsePlans, SAMPLE_PLANS_FILE } from "../catalog-source.ts";
import { EXIT_CODES, type ExitCode } from "../exit-codes.ts";
import { providerTokensOf } from "../plans.ts";
import { makeRedisBackupSource } from "../redis/backup-source.ts";
import { refuseUnfinishedImport } from "../redis/backup-target.ts";
import { Keys } from "../redis/keys.ts";
import { systemClock } from "../redis/shared-clock.ts";
import { MachineCatalog } from "../runtime/machine-catalog.ts";
import { type CommandOptions, onRedis, readOptions } from "./backup-command.ts";

const USAGE = `npm run -s export -- --out FILE [--stopped]

  --out FILE   where to write it; compressed when the name ends with .gz; - is standard output
  --stopped    no process of the service runs: nothing has to wait

It holds what people wrote and whom they are: keep it where only you can read it (docs/backup.md).
`;

/** Safe while the service runs. */
export async function runExport(options: CommandOptions): Promise<ExitCode> {
  const { progress, keyPrefix } = options;
  const given = readOptions(options.args, { out: "string", stopped: "boolean" }, "out");
  if (!given) {
    options.print(USAGE);
    return EXIT_CODES.configRefused;
  }
  const path = String(given.out);
  // Standard output is the export itself then.
  const print = path === "-" ? progress : options.print;
  return await onRedis({ ...options, print }, async ({ client }, config) => {
    const keys = new Keys(keyPrefix);
    await refuseUnfinishedImport(client, keys);
    const source = makeRedisBackupSource(client, keys);
    const header = {
      ...({ kind: "header", format: FORMAT, version: FORMAT_VERSION } as const),
      ...{ madeAt: systemClock.now(), service: serviceVersion() },
    };
    const writer = await openLineWriter(path, header);
    try {
      const plan = await planLine(config.plansFile ?? SAMPLE_PLANS_FILE);
      if (plan) await writer.write(plan);
      else progress("the plans file cannot be read, so it is not in the export");
      const report = await exportAll({
        source: given.stopped === true ? withoutHolding(source) : source,
        machines: new MachineCatalog(definitions),
        write: (line) => writer.write(line),
        progress,
        now: () => performance.now(),
      });
      await writer.end();
      const lines = Object.values(writer.counts).reduce((sum, count) => sum + count, 0);
      print(`${report.actors} actors, ${lines} lines: ${path}\n`);
    } catch (error) {
      await writer.giveUp();
      throw error;
    }
  });
}

const withoutHolding = (source: BackupSource): BackupSource => ({
  ...source,
  hold: async () => {},
  release: async () => {},
});

/** The plans file as it is, without the tokens of payment providers. @returns null where it cannot be read, or not be freed of them. */
async function planLine(path: string): Promise<ContentLine | null> {
  const text = await readFile(path, "utf8").catch(() => null);
  const tokens = text === null ? null : tokensIn(text);
  if (text === null || tokens === null) return null;
  const clean = tokens.reduce((left, token) => left.replaceAll(token, "(provider token)"), text);
  if (tokens.some((token) => tokensIn(clean)?.includes(token))) return null;
  return { kind: "plan", file: basename(path), text: clean };
}

function tokensIn(text: string): string[] | null {
  const plans = parsePlans(text, { isOwnTelegramApi: false });
  return plans.ok ? providerTokensOf(plans.catalog) : null;
}

function serviceVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
    version?: string;
  };
  return version ?? "unknown";
}
