// What a scanner of vulnerabilities and licences is given: `npm run -s sbom`.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import lock from "../../package-lock.json" with { type: "json" };

const ROOT = join(import.meta.dirname, "../..");

interface Sbom {
  readonly bomFormat: string;
  readonly specVersion: string;
  readonly metadata: { readonly component: { readonly type: string; readonly purl: string } };
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
  readonly components: readonly {
    readonly "bom-ref": string;
    readonly name: string;
    readonly version: string;
    readonly purl: string;
    readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
  }[];
}

it("lists every package that comes with the service, each with its version and digest, and none for development", () => {
  const text = execFileSync("npm", ["run", "--silent", "sbom"], {
    cwd: ROOT,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
    maxBuffer: 50_000_000,
  });
  const sbom = JSON.parse(text) as Sbom;
  expect(sbom).toMatchObject({
    bomFormat: "CycloneDX",
    specVersion: expect.stringMatching(/^1\.\d$/),
    metadata: {
      component: {
        type: "application",
        name: "tg-subscriptions",
        purl: `pkg:npm/tg-subscriptions@${packageJson.version}`,
      },
    },
  });
  const listed = new Set(sbom.components.map(({ name, version }) => `${name}@${version}`));
  const names = new Set(sbom.components.map(({ name }) => name));
  const wanted = Object.entries(packageJson.dependencies).map(([name, version]) => `${name}@${version}`);
  expect(wanted.filter((one) => !listed.has(one))).toEqual([]);
  for (const name of ["vitest", "@biomejs/biome", "playwright-core"]) expect(names.has(name), name).toBe(false);
  // Nothing is missing that the lock file installs in production.
  const locked = Object.entries(lock.packages as Record<string, { dev?: boolean; version?: string }>)
    .filter(([path, { dev }]) => path !== "" && !dev)
    .map(
      ([path, { version }]) => `${path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length)}@${version}`,
    );
  expect(locked.filter((one) => !listed.has(one))).toEqual([]);
  const refs = new Set(sbom.components.map(({ "bom-ref": ref }) => ref));
  expect(sbom.dependencies.flatMap(({ dependsOn }) => dependsOn).filter((ref) => !refs.has(ref))).toEqual([]);
  for (const { name, purl, hashes } of sbom.components) {
    expect(purl, name).toMatch(/^pkg:npm\//);
    expect(hashes?.[0], name).toMatchObject({ alg: "SHA-512", content: expect.stringMatching(/^[0-9a-f]{128}$/) });
  }
}, 30_000);
