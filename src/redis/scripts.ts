import { readFileSync } from "node:fs";
import type { RedisClient } from "./connect.ts";

/** The scripts of src/redis/scripts, by the name under which they are called. */
const FILES = {
  commitStep: "commit-step.lua",
  readHistory: "read-history.lua",
  receiveUpdate: "receive-update.lua",
  finishUpdate: "finish-update.lua",
  appendLedger: "append-ledger.lua",
  forgetFailure: "forget-failure.lua",
  replaceApproval: "replace-approval.lua",
  renewTurn: "renew-turn.lua",
  endTurn: "end-turn.lua",
  endImport: "end-import.lua",
  putSecret: "put-secret.lua",
  dropSecret: "drop-secret.lua",
  replaceSecret: "replace-secret.lua",
  tickRows: "tick-rows.lua",
  saveScope: "save-scope.lua",
} as const;
export type ScriptName = keyof typeof FILES;

export type RunScript = (keys: readonly string[], args: readonly (string | number)[]) => Promise<unknown>;
export type Scripts = Readonly<Record<ScriptName, RunScript>>;

/**
 * Makes the scripts callable on a client. ioredis sends EVALSHA and, when a restarted Redis does not know the script (NOSCRIPT),
 * EVAL once, which loads it again.
 */
export function loadScripts(client: RedisClient): Scripts {
  const run = {} as Record<ScriptName, RunScript>;
  for (const [name, file] of Object.entries(FILES) as [ScriptName, string][]) {
    const command = `tgs${name}`;
    client.defineCommand(command, { lua: readFileSync(new URL(`./scripts/${file}`, import.meta.url), "utf8") });
    const call = (client as unknown as Record<string, (...args: (string | number)[]) => Promise<unknown>>)[command];
    if (!call) throw new Error(`the Redis client did not take the script ${file}`);
    run[name] = (keys, args) => call.call(client, keys.length, ...keys, ...args);
  }
  return run;
}
