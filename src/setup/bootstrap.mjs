// Runs before `npm start`, `npm test` and the like, on a bare clone too: node builtins only. Says nothing when nothing is missing.
// With --packages-only for commands that work on files: they need neither pages nor Redis.

const OLDEST_NODE = "20.19.0";
const ROOT = new URL("../../", import.meta.url);

const say = (message) => process.stderr.write(`${message}\n`);

function isOlder(version, oldest) {
  const [a, b] = [version, oldest].map((text) => text.split(".").map(Number));
  for (let i = 0; i < b.length; i++) if (a[i] !== b[i]) return a[i] < b[i];
  return false;
}

async function main() {
  if (isOlder(process.versions.node, OLDEST_NODE)) {
    throw new Error(
      `Node ${OLDEST_NODE} or newer is needed, and this is ${process.versions.node}. ` +
        "Install a current LTS from https://nodejs.org or with your version manager (`nvm install --lts`), then try again.",
    );
  }
  // Loaded after the check: an older Node would stop at their syntax with a stack trace instead of the sentence above.
  const { fileURLToPath } = await import("node:url");
  const { installDependencies } = await import("./dependencies.mjs");
  const { findRedisServer } = await import("./redis-server.mjs");
  const { buildPagesIfPossible } = await import("./build-pages.mjs");
  await installDependencies({ root: fileURLToPath(ROOT), log: say });
  if (process.argv.includes("--packages-only")) return;
  await buildPagesIfPossible({ root: fileURLToPath(ROOT), log: say });
  if (!process.env.REDIS_URL) await findRedisServer({ log: say });
}

main().catch((error) => {
  say(error.message);
  process.exit(1);
});
