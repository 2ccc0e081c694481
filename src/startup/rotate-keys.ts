// The command `npm run rotate-keys`: what the environment says, what was done, what to do next, and the exit code.
import { readConfig, secretsOf } from "../config.ts";
import { AppError } from "../errors.ts";
import { EXIT_CODES, type ExitCode } from "../exit-codes.ts";
import { Keys } from "../redis/keys.ts";
import { loadScripts } from "../redis/scripts.ts";
import { makeRedisSecretRotation } from "../redis/secret-rotation.ts";
import { makeKeyRing } from "../sealing/key-ring.ts";
import { isRotated, type RotationReport, rotateSecrets } from "../sealing/rotate.ts";
import { makeLogger } from "../telemetry/logger.ts";
import { makeMetrics } from "../telemetry/metrics.ts";
import { openRedis } from "./redis.ts";

export interface RotateKeysOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly print: (text: string) => void;
  /** Separates deployments that share one Redis. */
  readonly keyPrefix?: string;
}

/**
 * Safe while the service runs, and as often as one likes.
 * @returns 0: all is under the first key, the others may go; 1: not yet, the text says why; 2: configuration refused; 3: no usable Redis.
 */
export async function rotateKeys({ env, print, keyPrefix }: RotateKeysOptions): Promise<ExitCode> {
  const read = readConfig(env);
  if (!read.ok) {
    print(
      `The configuration is refused. Correct these and run it again (docs/configuration.md):\n${bullets(read.problems)}`,
    );
    return EXIT_CODES.configRefused;
  }
  const { config } = read;
  const logger = makeLogger({ level: "silent", secrets: secretsOf(config) });
  const ring = makeKeyRing(config.sealingKeys);
  try {
    const target = config.redis;
    const redis = await openRedis({
      target,
      dataDir: config.dataDir,
      logger,
      metrics: makeMetrics(),
      onLost: () => {},
    });
    try {
      const secrets = makeRedisSecretRotation(redis.client, loadScripts(redis.client), new Keys(keyPrefix));
      const report = await rotateSecrets({ ring, secrets });
      print(describeRotation(report, ring.keyIds));
      return isRotated(report) ? EXIT_CODES.stopped : EXIT_CODES.crashed;
    } finally {
      await redis.close();
    }
  } catch (error) {
    if (!(error instanceof AppError) || !error.code.startsWith("redis.")) throw error;
    print(`${error.message}\n${bullets(reasonsOf(error))}`);
    if (error.code === "redis.embedded")
      print("The embedded Redis serves one process: stop the service, run this, and start it again.\n");
    return EXIT_CODES.serverUnusable;
  }
}

/** @param keyIds all that SEALING_KEYS names; the first seals. */
export function describeRotation(report: RotationReport, keyIds: readonly string[]): string {
  const { current, rewrapped, dropped, stuck, waitingTexts } = report;
  const [first = "", ...others] = keyIds;
  const lines = [
    `Secrets under key "${first}" before: ${current}; put under it now: ${rewrapped}; dropped meanwhile: ${dropped}; stuck: ${stuck.length}.`,
    ...stuck.map(
      ({ owner, ref, why, keyId }) => `  - ${owner} ${ref}: ${why}${keyId === null ? "" : ` (key "${keyId}")`}`,
    ),
  ];
  const names = others.map((id) => `"${id}"`).join(", ");
  if (stuck.some(({ why }) => why === "sealing.unknownKey"))
    lines.push("Put the missing keys back into SEALING_KEYS, behind the first, and run this again.");
  if (stuck.some(({ why }) => why === "sealing.refused"))
    lines.push(
      "What is refused opens with no key: it goes by itself within seven days of its arrival, and its owner is then asked again.",
    );
  if (waitingTexts > 0)
    lines.push(`Updates waiting under other keys: ${waitingTexts}. Run this again when the service has handled them.`);
  if (stuck.some(({ why }) => why === "changing"))
    lines.push(
      `Some process still seals with another key: restart all of them with "${first}" in front, then run this again.`,
    );
  if (isRotated(report)) {
    lines.push(
      others.length === 0
        ? "Nothing else is in SEALING_KEYS."
        : `If every process of the service was restarted with "${first}" in front: take ${names} out of SEALING_KEYS and restart. Keep it as long as backups that need it.`,
    );
  }
  return `${lines.join("\n")}\n`;
}

const reasonsOf = ({ details }: AppError): string[] => [
  ...(typeof details.reason === "string" ? [details.reason] : []),
  ...([details.problems, details.errors, details.lines].filter(Array.isArray).flat() as string[]),
];

const bullets = (lines: readonly string[]): string => lines.map((line) => `  - ${line}\n`).join("");
