// Secrets given as files, as Docker's and systemd's are: `BOT_TOKEN_FILE=/run/secrets/bot_token` in place of `BOT_TOKEN=…`.
import { readFileSync } from "node:fs";
import { Env } from "./environment.ts";

type Given = Readonly<Record<string, string | undefined>>;

/** A key ring and a long list of tokens are a few kilobytes; whoever names a log or a device by mistake is told so. Unit: bytes. */
const MAX_FILE_BYTES = 65_536;

/** The variables that may be given as a file: what holds a secret. */
export const SECRET_NAMES: readonly string[] = Object.entries(Env.shape)
  .filter(([, schema]) => (schema.meta() as { secret?: boolean } | undefined)?.secret === true)
  .map(([name]) => name);

/**
 * Puts what the files hold in the place of their names. Space around it is dropped, as an editor ends a file with a line break; an empty
 * file counts as unset, as an empty variable does.
 * @returns problems as `NAME_FILE: reason`; never the path's content.
 */
export function withSecretFiles(env: Given): { readonly env: Given; readonly problems: readonly string[] } {
  const found: Record<string, string | undefined> = { ...env };
  const problems: string[] = [];
  for (const name of SECRET_NAMES) {
    const path = env[`${name}_FILE`]?.trim();
    if (!path) continue;
    if (env[name]?.trim()) {
      problems.push(`${name}_FILE: ${name} is set as well; keep one of the two`);
      continue;
    }
    const read = readSecret(path);
    if (read.ok) found[name] = read.text;
    else problems.push(`${name}_FILE: ${read.problem}`);
  }
  return { env: found, problems };
}

type Read = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly problem: string };

function readSecret(path: string): Read {
  try {
    const bytes = readFileSync(path);
    if (bytes.length > MAX_FILE_BYTES)
      return { ok: false, problem: "the file is larger than 64 kB: that is no secret" };
    return { ok: true, text: bytes.toString("utf8").trim() };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return {
      ok: false,
      problem: `the file cannot be read (${code}): check its path, and that the service may read it`,
    };
  }
}
