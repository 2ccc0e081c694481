import { spawn } from "node:child_process";
import { join } from "node:path";
import type { SliceAddress } from "../../../../src/quality/ports.ts";

/** @returns what it said, or the signal that ended it. */
export function runOtherProcess(
  mode: "rival" | "dies-before" | "dies-after",
  root: string,
  address: SliceAddress,
): Promise<string> {
  const script = join(import.meta.dirname, "other-process.ts");
  const child = spawn(process.execPath, ["--import", "tsx/esm", script, mode, root, JSON.stringify(address)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  return new Promise((resolve) => child.once("close", (_code, signal) => resolve(signal ?? said)));
}
