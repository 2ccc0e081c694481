// A process that starts an embedded Redis and is then killed by its test: prints `ready <pid of the server>`.
import { join } from "node:path";
import { startEmbeddedRedis } from "../../src/redis/embedded.ts";
import { makeUtilLinuxLeash, shellLeash } from "../../src/redis/leash.ts";
import { findRedisServer } from "../../src/setup/redis-server.mjs";

const [dataDir = "", leash] = process.argv.slice(2);
const { bin, env } = await findRedisServer();
const { pid } = await startEmbeddedRedis({
  bin,
  env,
  dataDir,
  confFile: join(import.meta.dirname, "../../redis.conf"),
  leash: leash === "shell" ? shellLeash : makeUtilLinuxLeash(),
});
console.log(`ready ${pid}`);
process.stdin.resume(); // stays until it is killed
