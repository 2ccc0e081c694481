// Unpacks packages of this Debian or Ubuntu into a directory: as any user, with nothing installed and nothing changed outside it.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { findOnPath } from "./find-on-path.mjs";

/**
 * apt keeps checking signatures with the machine's own keys and sources; only its state, cache and log are ours.
 * `--reinstall` because a package that dpkg knows may still be missing from PATH.
 */
const aptConf = (workDir) => `
Dir::State::Lists "${workDir}/lists";
Dir::State::extended_states "${workDir}/extended_states";
Dir::Cache "${workDir}/cache";
Dir::Log "${workDir}";
Debug::NoLocking "true";
APT::Sandbox::User "";
APT::Install-Recommends "false";
Acquire::Retries "2";
Acquire::http::Timeout "20";
Acquire::https::Timeout "20";
quiet "2";
`;

const COMMAND_TIMEOUT_MS = 120_000;

/** @param {NodeJS.ProcessEnv} env */
export const hasDebianTools = (env) =>
  findOnPath("apt-get", env) !== undefined && findOnPath("dpkg-deb", env) !== undefined;

/**
 * @param {{ packages: readonly string[], into: string, env: NodeJS.ProcessEnv, alone?: boolean }} options
 *   `into` appears complete or not at all; an older one is replaced. `alone`: without what the packages depend on.
 * @throws {Error} with apt's last lines when a package cannot be had (no network, no such package).
 */
export async function unpackDebianPackages({ packages, into, env, alone = false }) {
  mkdirSync(dirname(into), { recursive: true });
  const workDir = mkdtempSync(join(dirname(into), "fetch-")); // same file system as `into`, so that the rename is atomic
  try {
    const root = join(workDir, "root");
    for (const dir of ["lists/partial", "cache/archives/partial", "root"])
      mkdirSync(join(workDir, dir), { recursive: true });
    const conf = join(workDir, "apt.conf");
    writeFileSync(conf, aptConf(workDir));
    await run("apt-get", ["-c", conf, "update"], env);
    const archives = join(workDir, "cache/archives");
    // `download` writes into the working directory.
    if (alone) await run("apt-get", ["-c", conf, "download", ...packages], env, archives);
    else await run("apt-get", ["-c", conf, "install", "--yes", "--download-only", "--reinstall", ...packages], env);
    const debs = readdirSync(archives).filter((name) => name.endsWith(".deb"));
    if (debs.length === 0) throw new Error(`apt-get downloaded nothing for ${packages.join(", ")}`);
    for (const deb of debs) await run("dpkg-deb", ["-x", join(archives, deb), root], env);
    rmSync(into, { recursive: true, force: true });
    renameSync(root, into);
  } finally {
    rmSync(workDir, { recursive: true, force: true });
  }
}

function run(command, args, env, cwd) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...env, LC_ALL: "C", DEBIAN_FRONTEND: "noninteractive" },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: COMMAND_TIMEOUT_MS,
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk) => (output = (output + chunk).slice(-4000)));
    child.on("error", reject);
    child.on("close", (code, signal) => {
      if (code === 0) return resolve();
      const tail = output.trim().split("\n").slice(-3).join(" ");
      reject(new Error(`${command} ended with ${signal ?? code}: ${tail || "no output"}`));
    });
  });
}
