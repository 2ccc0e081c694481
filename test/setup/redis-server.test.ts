import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { findRedisServer, RedisServerNotFound } from "../../src/setup/redis-server.mjs";

/** A machine of our own: a PATH with made-up programs, and an empty cache. */
function makeMachine() {
  const dir = mkdtempSync(join(tmpdir(), "tgs-machine-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const bin = join(dir, "bin");
  mkdirSync(bin);
  const said: string[] = [];
  return {
    dir,
    said,
    cacheDir: join(dir, "cache"),
    install: (name: string, script: string) => program(join(bin, name), script),
    find(env: Record<string, string> = {}) {
      return findRedisServer({
        cacheDir: join(dir, "cache"),
        log: (line) => said.push(line),
        env: { PATH: bin, ...env },
      });
    },
    refusal(env?: Record<string, string>): Promise<string> {
      return this.find(env).then(
        ({ bin: found }) => `found ${found}`,
        (error: unknown) => (error instanceof RedisServerNotFound ? error.message : Promise.reject(error)),
      );
    },
  };
}

function program(path: string, script: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

const serverScript = (version: string, name = "Redis") =>
  `echo "${name} server v=${version} sha=00000000:0 malloc=libc bits=64 build=1"`;

/** Acts as apt does with the options we give it: "downloads" into Dir::Cache of the -c file. Every call is noted in `calls`. */
const aptScript = (calls: string) => `
PATH=/usr/bin:/bin
echo "$@" >>"${calls}"
case "$*" in
  *" install "*) cache=$(sed -n 's/^Dir::Cache "\\(.*\\)";$/\\1/p' "$2"); touch "$cache/archives/redis-server.deb" "$cache/archives/redis-tools.deb" ;;
esac`;
const dpkgScript = (version: string) => `
PATH=/usr/bin:/bin
mkdir -p "$3/usr/bin" "$3/usr/lib/x86_64-linux-gnu"
printf '#!/bin/sh\\necho "Redis server v=${version}"\\n' >"$3/usr/bin/redis-server"
chmod +x "$3/usr/bin/redis-server"`;

describe("a redis-server named by REDIS_SERVER_BIN", () => {
  it("wins over the one on PATH", async () => {
    const machine = makeMachine();
    machine.install("redis-server", serverScript("7.0.1"));
    const REDIS_SERVER_BIN = program(join(machine.dir, "mine"), serverScript("8.2.3"));
    expect(await machine.find({ REDIS_SERVER_BIN })).toMatchObject({
      bin: REDIS_SERVER_BIN,
      version: "8.2.3",
      from: "REDIS_SERVER_BIN",
    });
  });
  it("that does not run is an error, not a reason to look elsewhere", async () => {
    const machine = makeMachine();
    machine.install("redis-server", serverScript("7.0.1"));
    expect(await machine.refusal({ REDIS_SERVER_BIN: join(machine.dir, "none") })).toContain("REDIS_SERVER_BIN");
  });
});

describe("a server on PATH", () => {
  it("is used as it is", async () => {
    const machine = makeMachine();
    const bin = machine.install("redis-server", serverScript("7.0.15"));
    expect(await machine.find()).toMatchObject({ bin, version: "7.0.15", from: "PATH" });
    expect(machine.said).toEqual([]);
  });
  it("may be Valkey", async () => {
    const machine = makeMachine();
    const bin = machine.install("valkey-server", serverScript("8.0.1", "Valkey"));
    expect(await machine.find()).toMatchObject({ bin, version: "8.0.1" });
  });
  it("that is too old is passed over for a newer one", async () => {
    const machine = makeMachine();
    machine.install("redis-server", serverScript("6.2.14"));
    const valkey = machine.install("valkey-server", serverScript("8.0.1", "Valkey"));
    expect(await machine.find()).toMatchObject({ bin: valkey });
  });
  it("is given nothing of our environment but where to find programs and libraries", async () => {
    const machine = makeMachine();
    machine.install("redis-server", serverScript("7.0.15"));
    const { env } = await machine.find({ BOT_TOKEN: "secret", LD_LIBRARY_PATH: "/opt/lib" });
    expect(Object.keys(env).sort()).toEqual(["LC_ALL", "LD_LIBRARY_PATH", "PATH"]);
  });
});

describe.runIf(process.platform === "linux")("a machine without a server, but with apt", () => {
  function makeDebian(version = "7.0.15") {
    const machine = makeMachine();
    const calls = join(machine.dir, "calls");
    machine.install("apt-get", aptScript(calls));
    machine.install("dpkg-deb", dpkgScript(version));
    return { ...machine, calls: () => readFileSync(calls, "utf8").trim().split("\n") };
  }

  it("gets its distribution's package into the cache, once", async () => {
    const machine = makeDebian();
    const found = await machine.find();
    expect(found).toMatchObject({
      bin: join(machine.cacheDir, "root/usr/bin/redis-server"),
      version: "7.0.15",
      from: "cache",
    });
    expect(found.env.LD_LIBRARY_PATH).toBe(join(machine.cacheDir, "root/usr/lib/x86_64-linux-gnu"));
    expect(machine.said).toHaveLength(1);
    expect(await machine.find()).toEqual(found);
    expect(machine.calls()).toHaveLength(2); // update, install
  });
  it("leaves nothing but the server in the cache", async () => {
    const machine = makeDebian();
    await machine.find();
    expect(readdirSync(machine.cacheDir)).toEqual(["root"]);
  });
  it("downloads only, into directories of its own", async () => {
    const machine = makeDebian();
    await machine.find();
    expect(machine.calls()[1]).toMatch(
      /^-c \S+\/cache\/fetch-\w+\/apt\.conf install --yes --download-only --reinstall redis-server redis-tools$/,
    );
  });
  it("fetches once for several starts at the same time", async () => {
    const machine = makeDebian();
    const found = await Promise.all([machine.find(), machine.find(), machine.find()]);
    expect(new Set(found.map(({ bin }) => bin)).size).toBe(1);
    expect(machine.calls()).toHaveLength(2);
  });
  it("replaces a cached server that no longer runs", async () => {
    const machine = makeDebian();
    program(join(machine.cacheDir, "root/usr/bin/redis-server"), "exit 127");
    expect(await machine.find()).toMatchObject({ version: "7.0.15", from: "cache" });
  });
  it("says what apt said when it fails, and keeps no half of it", async () => {
    const machine = makeDebian();
    machine.install("apt-get", 'echo "E: Failed to fetch: Temporary failure resolving" >&2; exit 100');
    expect(await machine.refusal()).toMatch(/Temporary failure resolving[\s\S]*REDIS_SERVER_BIN=/);
    expect(existsSync(join(machine.cacheDir, "root"))).toBe(false);
    expect(readdirSync(machine.cacheDir)).toEqual([]);
  });
  it("says so when the distribution's package is too old", async () => {
    expect(await makeDebian("6.0.16").refusal()).toMatch(/6\.0\.16.*7\.0 is the oldest/);
  });
});

describe("a machine with nothing", () => {
  it("is told every way out", async () => {
    const refusal = await makeMachine().refusal();
    for (const way of ["apt-get install redis-server", "brew install redis", "REDIS_SERVER_BIN=", "REDIS_URL="])
      expect(refusal).toContain(way);
  });
});
