// The process: reads the environment, starts the app, listens to signals, decides the exit code.
import { type App, startApp } from "./app.ts";
import { readConfig, secretsOf } from "./config.ts";
import { AppError, isAppError } from "./errors.ts";
import { EXIT_CODES, type ExitCode } from "./exit-codes.ts";
import { makeLogger } from "./telemetry/logger.ts";

const read = readConfig(process.env);
if (!read.ok) {
  process.stderr.write(
    `The configuration is refused. Correct these and start again (docs/configuration.md):\n${bullets(read.problems)}`,
  );
  process.exit(EXIT_CODES.configRefused);
}
const { config } = read;
const logger = makeLogger({ level: config.logLevel, secrets: secretsOf(config) });

let app: App | null = null;
let leaving = false;

async function leave(code: ExitCode, reason: string): Promise<void> {
  if (leaving) return;
  leaving = true;
  logger.info({ event: "app.stopping", reason }, "stopping");
  // A step that hangs must not keep the process: what it leaves behind is found again at the next start.
  const late = setTimeout(() => {
    logger.error(
      { event: "app.stopLate", graceMs: config.shutdownGraceMs },
      "running work did not finish in time; leaving it to the next start",
    );
    process.exit(EXIT_CODES.crashed);
  }, config.shutdownGraceMs);
  await app?.stop();
  clearTimeout(late);
  process.exit(code);
}

for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => void leave(EXIT_CODES.stopped, signal));
process.on("unhandledRejection", (error) => {
  logger.fatal({ event: "app.crashed", err: error }, "an error nobody handled");
  void leave(EXIT_CODES.crashed, "unhandled rejection");
});
process.on("uncaughtException", (error) => {
  logger.fatal({ event: "app.crashed", err: error }, "an error nobody handled");
  void leave(EXIT_CODES.crashed, "uncaught exception");
});

try {
  app = await startApp({ config, logger, onLost: (reason) => void leave(EXIT_CODES.serverUnusable, reason) });
  process.on("SIGHUP", () => void reloadPlans());
  if (config.mode === "sandbox") {
    process.stderr.write(
      `\nSandbox: a simulated Telegram, real Redis, no token.\n  service   ${app.url}\n  Telegram  ${app.sandbox?.telegram.apiRoot}\n`,
    );
    process.stderr.write("Watch a subscriber's whole life: npm run play\n");
  }
} catch (error) {
  logger.fatal({ event: "app.notStarted", err: error }, error instanceof Error ? error.message : "could not start");
  process.stderr.write(
    `${error instanceof AppError ? explain(error) : "The service could not start; the log line above says where."}\n`,
  );
  process.exit(exitCodeOf(error));
}

async function reloadPlans(): Promise<void> {
  const result = await app?.reloadPlans();
  if (!result) return;
  if (result.ok)
    logger.info(
      { event: "plans.reloaded", changed: result.changed, version: result.catalog.version },
      "plans file read again",
    );
  else
    logger.error(
      { event: "plans.refused", problems: result.problems },
      "the plans file has problems; the previous one stays in use",
    );
}

function exitCodeOf(error: unknown): ExitCode {
  if (
    isAppError(error, "config.invalid") ||
    isAppError(error, "plans.invalid") ||
    isAppError(error, "telegram.unauthorized")
  )
    return EXIT_CODES.configRefused;
  if (isAppError(error, "telegram.unreachable")) return EXIT_CODES.serverUnusable;
  if (error instanceof AppError && error.code.startsWith("redis.")) return EXIT_CODES.serverUnusable;
  return EXIT_CODES.crashed;
}

function explain(error: AppError): string {
  const lists = [error.details.problems, error.details.errors, error.details.lines]
    .filter(Array.isArray)
    .flat() as string[];
  return `${error.message}\n${bullets(lists)}`;
}

function bullets(lines: readonly string[]): string {
  return lines.map((line) => `  - ${line}\n`).join("");
}
