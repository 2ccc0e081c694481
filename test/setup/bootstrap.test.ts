import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";

const SETUP = join(import.meta.dirname, "../../src/setup");
const { installDependencies } = (await import(pathToFileURL(join(SETUP, "dependencies.mjs")).href)) as {
  installDependencies(options: {
    root: string;
    log: (line: string) => void;
    env: Record<string, string>;
  }): Promise<void>;
};

interface Entry {
  readonly version: string;
  readonly optional?: boolean;
}
const lockFile = (packages: Record<string, Entry>) =>
  JSON.stringify({ lockfileVersion: 3, packages: { "": {}, ...packages } });
const LOCK = lockFile({
  "node_modules/a": { version: "1.0.0" },
  "node_modules/b-darwin": { version: "1.0.0", optional: true },
});
const INSTALLED = lockFile({ "node_modules/a": { version: "1.0.0" } });

/** A project whose `npm ci` is a script: it notes its arguments and installs, unless told to fail. */
function makeProject({ installed, exitCode = 0 }: { installed?: string; exitCode?: number }) {
  const root = mkdtempSync(join(tmpdir(), "tgs-project-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  writeFileSync(join(root, "package-lock.json"), LOCK);
  const hidden = join(root, "node_modules/.package-lock.json");
  mkdirSync(join(root, "node_modules"));
  if (installed) writeFileSync(hidden, installed);
  const npm = join(root, "npm-cli.js");
  writeFileSync(
    npm,
    `const fs = require("node:fs");
     fs.appendFileSync(${JSON.stringify(join(root, "calls"))}, process.argv.slice(2).join(" ") + "\\n");
     fs.writeFileSync(${JSON.stringify(hidden)}, ${JSON.stringify(INSTALLED)});
     process.exit(${exitCode});`,
  );
  const said: string[] = [];
  return {
    said,
    /** As if this file had been touched a minute after the installation. */
    touchLock: () => utimesSync(join(root, "package-lock.json"), new Date(), new Date(Date.now() + 60_000)),
    install: () =>
      installDependencies({
        root,
        log: (line) => said.push(line),
        env: { ...(process.env as Record<string, string>), npm_execpath: npm },
      }),
    calls: () => {
      try {
        return readFileSync(join(root, "calls"), "utf8").trim().split("\n");
      } catch {
        return [];
      }
    },
  };
}

describe("the packages of a clone", () => {
  it("are installed exactly as locked when there are none", async () => {
    const project = makeProject({});
    await project.install();
    expect(project.calls()).toEqual(["ci --no-audit --no-fund"]);
    expect(project.said).toHaveLength(1);
  });
  it("are left alone when they are there, without a word", async () => {
    const project = makeProject({ installed: INSTALLED });
    await project.install();
    expect(project.calls()).toEqual([]);
    expect(project.said).toEqual([]);
  });
  it("are left alone when the lock file was touched but says the same", async () => {
    const project = makeProject({ installed: INSTALLED });
    project.touchLock();
    await project.install();
    expect(project.calls()).toEqual([]);
  });
  it("are installed anew when the lock file wants another version", async () => {
    const project = makeProject({ installed: lockFile({ "node_modules/a": { version: "0.9.0" } }) });
    project.touchLock();
    await project.install();
    expect(project.calls()).toHaveLength(1);
  });
  it("are installed once by several starts at the same time", async () => {
    const project = makeProject({});
    await Promise.all([project.install(), project.install()]);
    expect(project.calls()).toHaveLength(1);
  });
  it("that cannot be installed are an error that says what to try", async () => {
    await expect(makeProject({ exitCode: 1 }).install()).rejects.toThrow(/npm ci.*code 1.*network/s);
  });
});

const runBootstrap = (args: readonly string[], env: Record<string, string>) =>
  spawnSync(process.execPath, [...args, join(SETUP, "bootstrap.mjs")], {
    encoding: "utf8",
    env: { ...process.env, ...env },
  });

describe("the bootstrap script", () => {
  it("says nothing when nothing is missing", () => {
    expect(runBootstrap([], {})).toMatchObject({ status: 0, stdout: "", stderr: "" });
  });
  it("refuses an old Node with one sentence", () => {
    const pretend = 'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "18.20.4" } })';
    const { status, stderr } = runBootstrap(["--import", `data:text/javascript,${encodeURIComponent(pretend)}`], {});
    expect(status).toBe(1);
    expect(stderr).toMatch(/^Node 20\.19\.0 or newer is needed, and this is 18\.20\.4\. .*\n$/);
  });
  it("lists the ways to a redis-server when there is none to be had", () => {
    const { status, stderr } = runBootstrap([], { REDIS_SERVER_BIN: "/nonexistent", REDIS_URL: "" });
    expect(status).toBe(1);
    expect(stderr).toContain("REDIS_SERVER_BIN");
    expect(stderr).not.toMatch(/\n\s+at /); // no stack trace
  });
  it("needs no redis-server where REDIS_URL names one", () => {
    expect(runBootstrap([], { REDIS_SERVER_BIN: "/nonexistent", REDIS_URL: "redis://h" })).toMatchObject({
      status: 0,
      stderr: "",
    });
  });
});
