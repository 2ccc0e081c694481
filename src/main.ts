// The process: reads the environment, starts the app, listens to signals, decides the exit code.
import type { App } from "./app.ts";
import { plansSourceOf, readConfig, secretsOf, warningsOf } from "./config.ts";
import { AppError, isAppError } from "./errors.ts";
import { EXIT_CODES, type ExitCode } from "./exit-codes.ts";
import { makeLogger } from "./telemetry/logger.ts";

let app: App | null = null;
let leaving = false;
let reloadAsked = false;

// First of all: without a handler this signal ends the process, and a reload may be asked for while it starts.
process.on("SIGHUP", () => {
  if (app) reloadPlans();
  else reloadAsked = true;
});

const read = readConfig(process.env);
if (!read.ok) {
  process.stderr.write(
    `The configuration is refused. Correct these and start again (docs/configuration.md):\n${bullets([...read.problems, ...(await plansProblems())])}`,
  );
  process.exit(EXIT_CODES.configRefused);
}
const { config } = read;
let secrets = secretsOf(config);
const logger = makeLogger({ level: config.logLevel, secrets: () => secrets });

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
  logger.info({ event: "app.starting", mode: config.mode, role: config.role }, "starting");
  for (const text of warningsOf(config)) logger.warn({ event: "config.weak" }, text);
  // Loaded after the signals are listened to: it is nearly all of the program, and takes a while.
  const { startApp } = await import("./app.ts");
  app = await startApp({
    config,
    logger,
    onLost: (reason) => void leave(EXIT_CODES.serverUnusable, reason),
    hide: (more) => {
      secrets = [...new Set([...secrets, ...more])];
    },
  });
  if (reloadAsked) reloadPlans();
  if (config.mode === "sandbox") {
    const backend = config.backend?.url ?? app.sandbox?.backend.url;
    process.stderr.write(
      `\nSandbox: a simulated Telegram, real Redis, no token. Open it and press Start, or Play:\n  sandbox   ${app.url}/sandbox\n  console   ${app.url}/console\n\n  service   ${app.url}\n  Telegram  ${app.sandbox?.telegram.apiRoot}\n  backend   ${backend}\n`,
    );
    process.stderr.write("The same life on a terminal: npm run play. With curl: docs/sandbox-telegram.md\n");
  }
} catch (error) {
  logger.fatal({ event: "app.notStarted", err: error }, error instanceof AppError ? error.message : "could not start");
  process.stderr.write(
    `${error instanceof AppError ? explain(error) : "The service could not start; the log line above says where."}\n`,
  );
  process.exit(exitCodeOf(error));
}

function reloadPlans(): void {
  tryReloadPlans().catch((error: unknown) =>
    logger.error(
      { event: "plans.reloadFailed", err: error },
      "the plans file was read, but not all channels could be told; send the signal again",
    ),
  );
}

async function tryReloadPlans(): Promise<void> {
  const result = await app?.reloadPlans();
  if (!result) return;
  if (result.ok)
    logger.info(
      {
        event: "plans.reloaded",
        changed: result.changed,
        version: result.catalog.version,
        stage: result.catalog.rollout?.stage ?? "all",
      },
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
    isAppError(error, "slice.noFolder") ||
    isAppError(error, "plans.invalid") ||
    isAppError(error, "telegram.unauthorized") ||
    isAppError(error, "telegram.webhook")
  )
    return EXIT_CODES.configRefused;
  if (isAppError(error, "telegram.unreachable")) return EXIT_CODES.serverUnusable;
  if (error instanceof AppError && error.code.startsWith("redis.")) return EXIT_CODES.serverUnusable;
  return EXIT_CODES.crashed;
}

function explain(error: AppError): string {
  const { problems, errors, lines, refusal, missing, sameUrl } = error.details;
  const lists = [problems, errors, lines].filter(Array.isArray).flat() as string[];
  if (typeof refusal === "string") lists.push(`Telegram says: ${refusal}`);
  if (Array.isArray(missing) && missing.length > 0) lists.push(`Telegram would not send: ${missing.join(", ")}`);
  if (sameUrl === false)
    lists.push("Telegram keeps another address: another process sets one, with another WEBHOOK_URL");
  return `${error.message}\n${bullets(lists)}`;
}

/** What is wrong with the plans as well, where the environment alone would already stop the start. */
async function plansProblems(): Promise<readonly string[]> {
  const { file, isOwnTelegramApi } = plansSourceOf(process.env);
  if (file === undefined) return [];
  const { readPlansFile } = await import("./catalog-source.ts");
  const plans = await readPlansFile(file, { isOwnTelegramApi });
  return plans.ok ? [] : plans.problems;
}

function bullets(lines: readonly string[]): string {
  return lines.map((line) => `  - ${line}\n`).join("");
}
