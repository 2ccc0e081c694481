// What the commands of a backup share: their options, a Redis to work on, and how they end.
import { parseArgs } from "node:util";
import { type Config, readConfig, secretsOf } from "../config.ts";
import { AppError, type ErrorCode } from "../errors.ts";
import { EXIT_CODES, type ExitCode } from "../exit-codes.ts";
import { makeLogger } from "../telemetry/logger.ts";
import { makeMetrics } from "../telemetry/metrics.ts";
import { type OpenRedis, openRedis } from "./redis.ts";

export interface CommandOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What follows the command's name. */
  readonly args: readonly string[];
  /** The outcome. */
  readonly print: (text: string) => void;
  /** What goes on meanwhile. */
  readonly progress: (text: string) => void;
  /** Separates deployments that share one Redis. */
  readonly keyPrefix?: string;
}

type Flags = Readonly<Record<string, "string" | "boolean">>;
export type Options = Readonly<Record<string, string | boolean | undefined>>;

/** Asked for in vain until something else is asked for. */
const WRONGLY_ASKED: readonly ErrorCode[] = ["backup.invalid", "backup.fileExists", "backup.notEmpty"];

/** @returns null for options that the command does not have, or whose required one is missing. */
export function readOptions(args: readonly string[], flags: Flags, required: string): Options | null {
  try {
    const options = Object.fromEntries(Object.entries(flags).map(([name, type]) => [name, { type }]));
    const { values } = parseArgs({ args: [...args], options, allowPositionals: false });
    return typeof values[required] === "string" && values[required] !== "" ? (values as Options) : null;
  } catch {
    return null;
  }
}

/**
 * Opens the configured Redis, works, and closes it.
 * @returns 0: done; 1: not done, repeat it; 2: wrong options, configuration or file; 3: no usable Redis.
 */
export async function onRedis(
  { env, print }: CommandOptions,
  work: (redis: OpenRedis, config: Config) => Promise<void>,
): Promise<ExitCode> {
  const read = readConfig(env);
  if (!read.ok) {
    print(
      `The configuration is refused. Correct these and run it again (docs/configuration.md):\n${bullets(read.problems)}`,
    );
    return EXIT_CODES.configRefused;
  }
  const { config } = read;
  return await ending(print, async () => {
    const redis = await openRedis({
      target: config.redis,
      dataDir: config.dataDir,
      logger: makeLogger({ level: "silent", secrets: secretsOf(config) }),
      metrics: makeMetrics(),
      onLost: () => {},
    });
    try {
      await work(redis, config);
    } finally {
      await redis.close();
    }
  });
}

/** Turns what was thrown into a sentence and an exit code. @throws what is none of ours: a defect */
export async function ending(print: (text: string) => void, work: () => Promise<unknown>): Promise<ExitCode> {
  try {
    await work();
    return EXIT_CODES.stopped;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (!(error instanceof AppError)) {
      if (code === undefined) throw error;
      print(`The file cannot be written or read (${code}): check its place, its permissions and the disk.\n`);
      return EXIT_CODES.configRefused;
    }
    print(`${error.message}\n${bullets(reasonsOf(error))}`);
    if (error.code === "redis.embedded")
      print("The embedded Redis serves one process: stop the service, run this, and start it again.\n");
    if (WRONGLY_ASKED.includes(error.code)) return EXIT_CODES.configRefused;
    return error.code.startsWith("redis.") ? EXIT_CODES.serverUnusable : EXIT_CODES.crashed;
  }
}

const reasonsOf = ({ details }: AppError): string[] => [
  ...(typeof details.reason === "string" ? [details.reason] : []),
  ...([details.problems, details.errors, details.lines].filter(Array.isArray).flat() as string[]),
];

const bullets = (lines: readonly string[]): string => lines.map((line) => `  - ${line}\n`).join("");
