import { execFile, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { parse } from "yaml";
import packageJson from "../../package.json" with { type: "json" };
import { readConfig } from "../../src/config.ts";
import { Env } from "../../src/environment.ts";
import { EXIT_CODES } from "../../src/exit-codes.ts";
import { SECRET_NAMES } from "../../src/secret-files.ts";

const ROOT = join(import.meta.dirname, "../..");
const read = (file: string): string => readFileSync(join(ROOT, file), "utf8");
const KNOWN = [...Object.keys(Env.shape), ...SECRET_NAMES.map((name) => `${name}_FILE`)];
const GRACE_MS = Env.shape.SHUTDOWN_GRACE_MS.parse(undefined);

/** `COPY a b c` → { name: "COPY", text: "a b c" }; lines ending in a backslash are one instruction. */
const instructions = read("Dockerfile")
  .replace(/^#.*\n/gm, "")
  .replace(/\\\n\s*/g, "")
  .split("\n")
  .filter((line) => line.trim() !== "")
  .map((line) => ({ name: line.split(" ", 1)[0] ?? "", text: line.slice(line.indexOf(" ") + 1) }));
const all = (name: string): string[] => instructions.filter((one) => one.name === name).map(({ text }) => text);
const last = (name: string): string => all(name).at(-1) ?? "";

const compose = parse(read("compose.yaml"), { merge: true }) as {
  services: Record<
    "app" | "redis",
    {
      environment?: Record<string, string>;
      volumes: string[];
      ports?: string[];
      stop_grace_period: string;
      read_only: boolean;
      cap_drop: string[];
    }
  >;
};

describe("the Dockerfile", () => {
  const copied = all("COPY")
    .filter((text) => !text.startsWith("--from"))
    .flatMap((text) => text.split(" ").slice(0, -1));

  it("copies what exists, and .dockerignore lets in exactly that", () => {
    for (const source of copied) expect(existsSync(join(ROOT, source)), source).toBe(true);
    const ignore = read(".dockerignore").trim().split("\n");
    expect(ignore[0]).toBe("*");
    const letIn = ignore.slice(1).map((line) => line.replace(/^!/, ""));
    expect(letIn.sort()).toEqual(copied.map((source) => source.replace(/^\.\//, "")).sort());
  });

  it("runs on the newest Node that CI tests, and one that package.json allows", () => {
    const major = Number(/node:(\d+)-/.exec(last("ARG"))?.[1]);
    const matrix = /node: \[([\d, ]+)\]/.exec(read(".github/workflows/ci.yml"))?.[1]?.split(",").map(Number) ?? [];
    expect(major).toBe(Math.max(...matrix));
    expect(major).toBeGreaterThanOrEqual(Number(/\d+/.exec(packageJson.engines.node)?.[0]));
    expect(major % 2, "only even versions become LTS").toBe(0);
  });

  it("starts compiled code, not as root, with variables that the service knows", () => {
    expect(last("USER")).toBe("node");
    expect(JSON.parse(last("CMD"))).toEqual(["node", "dist/src/main.js"]);
    expect(existsSync(join(ROOT, "src/main.ts"))).toBe(true);
    const names = [...last("ENV").matchAll(/(\w+)=/g)].map(([, name]) => name);
    expect(names.filter((name) => name !== "NODE_OPTIONS" && !KNOWN.includes(name ?? ""))).toEqual([]);
    expect(last("ENV")).toContain(`PORT=${last("EXPOSE")}`);
  });
});

describe("the image's health check", () => {
  const command = JSON.parse(/CMD (\[.*)$/.exec(last("HEALTHCHECK"))?.[1] ?? "[]") as string[];

  const exitCode = (port: number): Promise<unknown> =>
    new Promise((done) => {
      execFile(process.execPath, command.slice(1), { env: { PORT: String(port) } }, (error) => done(error?.code ?? 0));
    });

  async function serve(statuses: Readonly<Record<string, number>>): Promise<number> {
    const server = createServer((request, response) => {
      response.writeHead(statuses[request.url ?? ""] ?? 404).end();
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    onTestFinished(() => void server.close());
    return (server.address() as AddressInfo).port;
  }

  it.each([
    ["passes when the process lives and traffic may come", { "/healthz": 200, "/readyz": 200 }, 0],
    ["fails while the service starts", { "/healthz": 200, "/readyz": 503 }, 1],
    ["fails when the process says that it is not well", { "/healthz": 503, "/readyz": 200 }, 1],
  ])("%s", async (_name, statuses, code) => {
    expect(command[0]).toBe("node");
    expect(await exitCode(await serve(statuses))).toBe(code);
  });

  it("fails when nobody listens", async () => {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const { port } = server.address() as AddressInfo;
    await new Promise((done) => server.close(done));
    expect(await exitCode(port)).toBe(1);
  });
});

describe("compose.yaml", () => {
  const { app, redis } = compose.services;

  it("sets variables that the service knows, and publishes the port that it listens on to this machine only", () => {
    const environment = app.environment ?? {};
    expect(Object.keys(environment).filter((name) => !KNOWN.includes(name))).toEqual([]);
    expect(readConfig(environment)).toMatchObject({ ok: true, config: { mode: "sandbox", redis: { kind: "single" } } });
    expect(app.ports).toEqual([`127.0.0.1:${environment.PORT}:${environment.PORT}`]);
    expect(redis.ports).toBeUndefined();
  });

  it("mounts what the repository has", () => {
    const sources = [...app.volumes, ...redis.volumes].map((volume) => volume.split(":")[0] ?? "");
    for (const source of sources.filter((path) => path.startsWith("."))) {
      expect(existsSync(join(ROOT, source)), source).toBe(true);
    }
  });

  it("gives the service longer to stop than the service gives itself, and neither container anything to write to or to gain", () => {
    expect(Number.parseInt(app.stop_grace_period, 10) * 1000).toBeGreaterThan(GRACE_MS);
    for (const service of [app, redis]) expect(service).toMatchObject({ read_only: true, cap_drop: ["ALL"] });
  });
});

describe("compose.secrets.yaml", () => {
  const { services, secrets } = parse(read("compose.secrets.yaml")) as {
    services: { app: { environment: Record<string, string>; secrets: string[] }; redis: { secrets: string[] } };
    secrets: Record<string, { file: string }>;
  };
  const names = Object.keys(secrets);

  it("gives every secret that compose.yaml does not set itself as a file, and nothing else", () => {
    const { app, redis } = services;
    const set = Object.keys(compose.services.app.environment ?? {});
    expect(Object.keys(app.environment).sort()).toEqual(
      SECRET_NAMES.filter((name) => !set.includes(name))
        .map((name) => `${name}_FILE`)
        .sort(),
    );
    expect(Object.entries(app.environment).map(([name, path]) => [name, path])).toEqual(
      names.map((name) => [`${name.toUpperCase()}_FILE`, `/run/secrets/${name}`]),
    );
    expect(app.secrets).toEqual(names);
    expect(names).toEqual(expect.arrayContaining(redis.secrets));
  });

  it("takes them from a directory that the repository has and keeps empty, as both pages say", () => {
    expect(Object.entries(secrets)).toEqual(names.map((name) => [name, { file: `./secrets/${name}` }]));
    expect(read("secrets/.gitignore")).toMatch(/^\*\n/m);
    for (const page of ["docs/operations.md", "docs/ru/operations.md"])
      expect(read(page)).toContain(`touch ${names.join(" ")}\n`);
  });
});

describe(".env.example", () => {
  const lines = [...read(".env.example").matchAll(/^(#?)([A-Z][A-Z0-9_]*)=(.*)$/gm)].filter(
    ([, , name]) => name !== "COMPOSE_FILE", // Compose's own
  );
  const assigned = (pick: (commented: boolean) => boolean) =>
    Object.fromEntries(
      lines.filter(([, mark]) => pick(mark === "#")).map(([, , name, value]) => [name ?? "", value ?? ""]),
    );

  it("names only variables that the service knows", () => {
    expect(lines.length).toBeGreaterThan(5);
    expect(lines.map(([, , name]) => name).filter((name) => !KNOWN.includes(name ?? ""))).toEqual([]);
  });

  it("is the sandbox as it stands", () => {
    expect(readConfig(assigned((commented) => !commented))).toMatchObject({ ok: true, config: { mode: "sandbox" } });
  });

  it("is accepted with every line in use and the secrets filled in", () => {
    const secrets = {
      BOT_TOKEN: `1:${"x".repeat(35)}`,
      SEALING_KEYS: `k1:${Buffer.alloc(32).toString("base64")}`,
      WEBHOOK_SECRET: "0".repeat(64),
      BACKEND_ADMIN_KEY: "0".repeat(32),
      BACKEND_CLIENT_KEY: "0".repeat(32),
      ADMIN_TOKENS: (assigned(() => true).ADMIN_TOKENS ?? "").replace(/<.*>/, "0".repeat(64)),
    };
    expect(readConfig({ ...assigned(() => true), ...secrets })).toMatchObject({
      ok: true,
      config: { telegram: { updates: { kind: "webhook" } }, adminTokens: [{ role: "owner" }] },
    });
  });
});

/** The fenced blocks of a page. */
const blocksOf = (file: string) =>
  [...read(file).matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language = "", code = ""]) => ({ language, code }));

describe("the systemd unit", () => {
  const unit = read("docs/deploy/tg-subscriptions.service");
  const credentials = read("docs/deploy/credentials.conf");
  const value = (key: string) => new RegExp(`^${key}=(.*)$`, "m").exec(unit)?.[1];

  it("agrees with the exit codes, the grace period and the variables", () => {
    expect(value("RestartPreventExitStatus")).toBe(String(EXIT_CODES.configRefused));
    expect(Number(value("TimeoutStopSec")) * 1000).toBeGreaterThan(GRACE_MS);
    expect(value("ExecStart")).toContain("dist/src/main.js");
    const names = [...`${unit}${credentials}`.matchAll(/^Environment=(\w+)=/gm)].map(([, name]) => name ?? "");
    expect(names.filter((name) => !KNOWN.includes(name))).toEqual([]);
  });

  it("names every credential that it loads, and loads every one that it names", () => {
    const loaded = [...credentials.matchAll(/^LoadCredential=(\w+):\/etc\/tg-subscriptions\/(\w+)$/gm)];
    const named = [...credentials.matchAll(/^Environment=(\w+)_FILE=%d\/(\w+)$/gm)];
    expect(loaded.length).toBeGreaterThan(5);
    expect(loaded.map(([, name, file]) => [name, file])).toEqual(loaded.map(([, name]) => [name, name]));
    expect(named.map(([, variable, name]) => [variable?.toLowerCase(), name])).toEqual(
      loaded.map(([, name]) => [name, name]),
    );
  });

  it("gives its credentials to commands beside it by a line of the page, in both languages", () => {
    const directory = mkdtempSync(join(tmpdir(), "tgs-unit-"));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    writeFileSync(join(directory, "credentials.conf"), credentials);
    for (const page of ["docs/operations.md", "docs/ru/operations.md"]) {
      const line = /^secrets\(\) .*$/m.exec(read(page))?.[0] ?? "";
      const here = line.replace("/etc/systemd/system/tg-subscriptions.service.d", directory);
      const { stdout } = spawnSync("bash", ["-c", `${here}\nenv -i $(secrets) /usr/bin/env`], { encoding: "utf8" });
      const given = stdout.split("\n").filter((entry) => entry.includes("_FILE="));
      expect(given).toHaveLength(7);
      expect(given).toContain("SEALING_KEYS_FILE=/etc/tg-subscriptions/sealing_keys");
    }
  });

  it.skipIf(spawnSync("systemd-analyze", ["--version"]).status !== 0)(
    "is understood by systemd, which finds little to harden",
    () => {
      const directory = mkdtempSync(join(tmpdir(), "tgs-unit-"));
      onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
      const path = join(directory, "tg-subscriptions.service");
      writeFileSync(path, unit.replace("/usr/bin/node", process.execPath));
      mkdirSync(`${path}.d`);
      writeFileSync(join(`${path}.d`, "credentials.conf"), credentials);
      const verified = spawnSync("systemd-analyze", ["verify", "--man=no", path], { encoding: "utf8" });
      expect(verified.stderr.split("\n").filter((line) => line.includes("tg-subscriptions"))).toEqual([]);
      const secure = spawnSync("systemd-analyze", ["security", "--offline=true", "--threshold=20", path]);
      expect(secure.status).toBe(0);
    },
  );
});

describe("the operator's page", () => {
  it("gives the same commands in Russian", () => {
    const translated = /[ \t]*#.*$|^Description=.*$|<[^>\n]*>/gm;
    const commandsOf = (file: string) => blocksOf(file).map(({ code }) => code.replace(translated, ""));
    expect(commandsOf("docs/operations.md").length).toBeGreaterThan(5);
    expect(commandsOf("docs/ru/operations.md")).toEqual(commandsOf("docs/operations.md"));
  });
});
