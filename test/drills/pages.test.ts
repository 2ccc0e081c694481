// The pages of the runbook: the same in both languages, and nothing in them that is not there.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { ADMIN_ROUTES } from "../../src/http/admin.ts";
import { makeAdminOpenApi } from "../../src/http/openapi.ts";
import { METRICS } from "../../src/telemetry/metric-table.ts";
import { readRules } from "../monitoring/read-monitoring.ts";
import { anchorOf, headingsIn, type Language, namesIn, readRunbook } from "./support/runbooks.ts";

const ROOT = join(import.meta.dirname, "../..");
const fileOf = (path: string): string => readFileSync(join(ROOT, path), "utf8");
const names = namesIn("en").map((file) => file.replace(/\.md$/, ""));
const pages = names.flatMap((name) =>
  (["en", "ru"] as const).map((language: Language) => ({ name, language, ...readRunbook(name, language) })),
);
const alerts = readRules().flatMap(({ alert, annotations }) =>
  alert === undefined ? [] : [{ alert, name: /docs\/runbooks\/(.+)\.md$/.exec(annotations?.runbook ?? "")?.[1] ?? "" }],
);

describe("a runbook", () => {
  it("is there for each alert, and names it: also in the index", () => {
    const index = readRunbook("README").prose.split("\n");
    for (const { alert, name } of alerts) {
      expect(names, alert).toContain(name);
      expect(readRunbook(name).prose, alert).toContain(`\`${alert}\``);
      expect(index.find((line) => line.includes(`\`${alert}\``)) ?? "", alert).toContain(`](${name}.md)`);
    }
    expect(new Set([...alerts.map(({ name }) => name), "README"])).toEqual(new Set(names));
  });
  it("has the same form everywhere: when, what is noticed, a look, a decision, steps, an end, a word, what follows", () => {
    for (const { path, name, headings } of pages)
      if (name !== "README") expect(headings.filter(({ level }) => level === 2).length, path).toBe(8);
  });
  it("says the same in Russian: headings, commands, pages of the console, alerts, words to customers", () => {
    expect(namesIn("ru")).toEqual(namesIn("en"));
    for (const name of names) {
      const [en, ru] = [readRunbook(name), readRunbook(name, "ru")];
      const levels = ({ headings }: typeof en) => headings.map(({ level }) => level);
      expect(levels(ru), name).toEqual(levels(en));
      expect([...ru.steps], name).toEqual([...en.steps]);
      const code = ({ prose }: typeof en) => [...new Set(prose.match(/`[^`\n]+`/g))].sort();
      expect(code(ru), name).toEqual(code(en));
      const words = ({ prose }: typeof en) => prose.match(/^> .+$/gm);
      expect(words(ru), name).toEqual(words(en));
    }
  });
});

describe("what a runbook names", () => {
  it.each(pages.map(({ path, prose }) => [path.slice(ROOT.length + 1), path, prose] as const))(
    "leads somewhere: %s",
    (_, path, prose) => {
      for (const [, target = ""] of prose.matchAll(/\]\(([^)]+)\)/g)) {
        const [file = "", anchor] = target.split("#");
        const there = file === "" ? path : resolve(dirname(path), file);
        expect(existsSync(there), target).toBe(true);
        if (anchor === undefined) continue;
        const anchors = headingsIn(readFileSync(there, "utf8")).map(({ title }) => anchorOf(title));
        expect(anchors, target).toContain(anchor);
      }
    },
  );
  it("is a page that the console has", () => {
    const routes = [...fileOf("src/console/routes.ts").matchAll(/\{ path: "([^"]+)"|^ {4}path: "([^"]+)"/gm)].map(
      ([, short, long]) =>
        new RegExp(`^${(short ?? long ?? "").replaceAll(/\/:\w+\?/g, "(?:/[^/]+)?").replaceAll(/:\w+/g, "[^/]+")}$`),
    );
    expect(routes.length).toBeGreaterThan(15);
    for (const { path, prose } of pages)
      for (const [, place = ""] of prose.matchAll(/`(\/console[^`?]*)(?:\?[^`]*)?`/g))
        expect(
          routes.some((route) => route.test(place)),
          `${path}: ${place}`,
        ).toBe(true);
  });
  it("is a route that the admin API has, by its method", () => {
    const { paths } = makeAdminOpenApi(ADMIN_ROUTES) as { paths: Record<string, Record<string, unknown>> };
    let calls = 0;
    for (const { path, steps } of pages)
      for (const call of [...steps.values()].flatMap((step) => step.split(/^(?=tgs |curl )/m)))
        for (const [, route = ""] of call.matchAll(/\$API(\/api\/v1\/[^"?]+)/g)) {
          calls += 1;
          const given = route.split("/");
          const method = call.includes(" -d ") ? "post" : "get";
          const found = Object.entries(paths).some(([known, operations]) => {
            const parts = known.split("/");
            const fits = (part: string, index: number) => part.startsWith("{") || part === given[index];
            return method in operations && parts.length === given.length && parts.every(fits);
          });
          expect(found, `${path}: ${method} ${route}`).toBe(true);
        }
    expect(calls).toBeGreaterThan(50);
  });
  it("is a metric that the service exports", () => {
    const known = Object.values(METRICS).map(({ name }) => name);
    for (const { path, text } of pages)
      for (const [name] of text.matchAll(/\btg_[a-z_]+[a-z]\b/g)) expect(known, path).toContain(name);
  });
  it("is a service of compose.yaml, and a command of ours that exists", () => {
    const { services } = parse(fileOf("compose.yaml")) as { services: Record<string, unknown> };
    for (const { path, text } of pages) {
      for (const [, service = ""] of text.matchAll(
        /docker compose (?:exec -T|stop|restart|logs --tail 50|kill --signal SIGHUP) (\w+)/g,
      ))
        expect(Object.keys(services), path).toContain(service);
      for (const [, command = ""] of text.matchAll(/dist\/(src\/startup\/[\w-]+)\.js/g))
        expect(existsSync(join(ROOT, `${command}.ts`)), `${path}: ${command}`).toBe(true);
    }
  });
  it("is a command that a shell can read", () => {
    const all = pages.flatMap(({ steps }) => [...steps.values()]).join("\n");
    const { status, stderr } = spawnSync("bash", ["-n"], { input: all, encoding: "utf8" });
    expect([status, stderr]).toEqual([0, ""]);
  });
});
