// `npm run -s sbom`: what comes with the service, as CycloneDX on stdout. npm's own list, without what only development needs. Not its
// `--omit dev`: that also leaves out what both need, zod and yaml among it.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const { name: project, packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));

/** `name@version` of every package that an installation without development has, as npm calls them. */
const shipped = new Set(
  Object.entries(packages)
    .filter(([path, { dev, link }]) => path !== "" && !dev && !link)
    .map(([path, { name, version }]) => `${name ?? path.slice(path.lastIndexOf("node_modules/") + 13)}@${version}`),
);

const npmCli = process.env.npm_execpath;
const args = ["sbom", "--sbom-format", "cyclonedx", "--sbom-type", "application", "--package-lock-only"];
const [command, commandArgs] = npmCli ? [process.execPath, [npmCli, ...args]] : ["npm", args];
const sbom = JSON.parse(
  execFileSync(command, commandArgs, {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 100_000_000,
    stdio: ["ignore", "pipe", 2],
  }),
);

const { component } = sbom.metadata;
const known = new Set([component["bom-ref"]]);
component.name = project; // npm takes the directory's
sbom.components = sbom.components.filter(({ name, version, "bom-ref": ref }) => {
  const comes = shipped.has(`${name}@${version}`);
  if (comes) known.add(ref);
  return comes;
});
sbom.dependencies = sbom.dependencies
  .filter(({ ref }) => known.has(ref))
  .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((other) => known.has(other)) }));
process.stdout.write(`${JSON.stringify(sbom, null, 2)}\n`);
