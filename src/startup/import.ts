// `npm run -s import -- --in FILE`.
import { importAll } from "../backup/import.ts";
import { EXIT_CODES, type ExitCode } from "../exit-codes.ts";
import { makeRedisBackupTarget } from "../redis/backup-target.ts";
import { Keys } from "../redis/keys.ts";
import { type CommandOptions, onRedis, readOptions } from "./backup-command.ts";

const USAGE = `npm run -s import -- --in FILE [--dry-run]

  --in FILE    an export (docs/backup.md), compressed when its name ends with .gz
  --dry-run    only checks the file, and says whether this Redis would take it

The service must not run, and its Redis must be empty.
`;

export async function runImport(options: CommandOptions): Promise<ExitCode> {
  const { print, progress, keyPrefix } = options;
  const given = readOptions(options.args, { in: "string", "dry-run": "boolean" }, "in");
  if (!given) {
    print(USAGE);
    return EXIT_CODES.configRefused;
  }
  const path = String(given.in);
  const dryRun = given["dry-run"] === true;
  return await onRedis(options, async ({ client }) => {
    const target = makeRedisBackupTarget(client, new Keys(keyPrefix));
    const { header, counts, broken, obstacle } = await importAll({ target, path, dryRun, progress });
    const said = Object.entries(counts).map(([kind, count]) => `${kind} ${count}`);
    print(`${dryRun ? "The file is whole" : "Imported"}: ${said.join(", ")}; made by version ${header.service}.\n`);
    if (broken.length > 0)
      print(
        `Histories that do not lead to their actor's snapshot, in the export as in its source: ${broken.length}, such as ${broken[0]}.\n`,
      );
    if (obstacle !== null)
      print(`This Redis holds data already (${obstacle}): an import into it would be refused. Nothing was written.\n`);
    if (dryRun) return;
    print(
      counts.plan === undefined
        ? "Bring the plans file, BOT_TOKEN and SEALING_KEYS of the other host, then start the service.\n"
        : "Bring the plans file (the export has a copy without provider tokens), BOT_TOKEN and SEALING_KEYS of the other host, then start the service.\n",
    );
  });
}
