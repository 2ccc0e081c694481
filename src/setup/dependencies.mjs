// Are the installed packages those of package-lock.json? If not, install them.
import { spawn } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { withLock } from "./lock.mjs";

/** @param {string} root the project's directory */
export function isInstalled(root) {
  const wanted = join(root, "package-lock.json");
  const installed = join(root, "node_modules/.package-lock.json");
  if (!existsSync(installed)) return false;
  if (statSync(installed).mtimeMs >= statSync(wanted).mtimeMs) return true;
  // A checkout or an editor touches the file without changing it; `npm install` writes both within milliseconds, in either order.
  return isSameTree(readPackages(wanted), readPackages(installed));
}

/** Packages for another platform are in the lock file and, rightly, not installed. */
function isSameTree(wanted, installed) {
  return Object.entries(wanted).every(([path, { version, integrity, optional, devOptional, peer }]) => {
    if (path === "") return true;
    const actual = installed[path];
    if (!actual) return Boolean(optional || devOptional || peer);
    return actual.version === version && actual.integrity === integrity;
  });
}

const readPackages = (file) => JSON.parse(readFileSync(file, "utf8")).packages ?? {};

/**
 * Runs `npm ci` unless the packages are there. Output goes to stderr: a script's stdout may be read by a program.
 * @param {{ root: string, log: (message: string) => void, env?: NodeJS.ProcessEnv }} options
 */
export async function installDependencies({ root, log, env = process.env }) {
  if (isInstalled(root)) return;
  await withLock(
    join(root, ".cache/npm-ci.lock"),
    async () => {
      if (isInstalled(root)) return;
      log("Installing dependencies (npm ci) ...");
      await npmCi(root, env);
    },
    { onWait: (pid) => log(`Process ${pid} is installing dependencies here; waiting for it.`) },
  );
}

function npmCi(root, env) {
  const args = ["ci", "--no-audit", "--no-fund"];
  // Inside an npm script this is npm's own file: the npm that the user called, also where `npm` is a shell alias or a .cmd.
  const npmCli = env.npm_execpath && basename(env.npm_execpath) === "npm-cli.js" ? env.npm_execpath : undefined;
  const [command, commandArgs] = npmCli ? [process.execPath, [npmCli, ...args]] : ["npm", args];
  return new Promise((resolve, reject) => {
    const child = spawn(command, commandArgs, {
      cwd: root,
      env,
      stdio: ["ignore", 2, 2],
      shell: !npmCli && process.platform === "win32",
    });
    child.on("error", (error) =>
      reject(new Error(`npm could not be started (${error.code}). Install npm, then run: npm ci`)),
    );
    child.on("exit", (code, signal) => {
      if (code === 0) return resolve();
      reject(
        new Error(
          `\`npm ci\` ended with ${signal ?? `code ${code}`}; its own message is above. ` +
            "Check the network and the free disk space, then run `npm ci` again. " +
            "Behind a TLS-inspecting proxy set NODE_EXTRA_CA_CERTS to your CA bundle.",
        ),
      );
    });
  });
}
