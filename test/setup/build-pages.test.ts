// The pages of a clone are built when they are missing or older than their sources, and at no other time.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { describe, expect, it, onTestFinished } from "vitest";

interface Options {
  readonly root: string;
  readonly log: (line: string) => void;
  readonly build: (root: string) => Promise<unknown>;
}
const { buildPages, buildPagesIfPossible } = (await import(
  pathToFileURL(join(import.meta.dirname, "../../src/setup/build-pages.mjs")).href
)) as {
  buildPages(options: Options): Promise<boolean>;
  buildPagesIfPossible(options: Options): Promise<void>;
};

const SCRIPT = "export const page = 1;\n".repeat(100);

/** A project whose build is a function that writes one script. */
function makeProject() {
  const root = mkdtempSync(join(tmpdir(), "tgs-pages-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const write = (file: string, content: string) => {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), content);
  };
  write("package-lock.json", "{}");
  write("src/console/main.tsx", "1");
  write("visualizations/order.svg", "<svg/>");
  const said: string[] = [];
  let builds = 0;
  let failure: Error | null = null;
  const options: Options = {
    root,
    log: (line) => said.push(line),
    build: async () => {
      builds += 1;
      if (failure) throw failure;
      write("dist/console/assets/main.js", SCRIPT);
      write("dist/console/assets/small.js", "1");
    },
  };
  return {
    ...{ root, write, said, options },
    build: () => buildPages(options),
    builds: () => builds,
    fail: (error: Error | null) => {
      failure = error;
    },
  };
}

describe("the pages of a clone", () => {
  it("are built once", async () => {
    const project = makeProject();
    expect([await project.build(), await project.build(), project.builds()]).toEqual([true, false, 1]);
    expect(project.said).toEqual([]);
  });
  it.each([
    ["a source has changed", "src/console/main.tsx", "2"],
    ["a source came", "src/console/pages/new.tsx", "1"],
    ["the form of an answer has changed", "src/support/answers/actors.ts", "2"],
    ["a package has another version", "package-lock.json", '{"a":1}'],
    ["there is a chart more", "visualizations/payment.svg", "<svg/>"],
  ])("are built again when %s", async (_name, file, content) => {
    const project = makeProject();
    await project.build();
    project.write(file, content);
    expect(await project.build()).toBe(true);
  });
  it("are not built again for a chart that was drawn anew, nor for the rest of the code", async () => {
    const project = makeProject();
    await project.build();
    project.write("visualizations/order.svg", "<svg></svg>");
    project.write("src/app.ts", "2");
    expect(await project.build()).toBe(false);
  });
  it("are there compressed as well, where that is worth it", async () => {
    const project = makeProject();
    await project.build();
    const asset = (name: string) => join(project.root, "dist/console/assets", name);
    expect(gunzipSync(readFileSync(asset("main.js.gz"))).toString()).toBe(SCRIPT);
    expect(brotliDecompressSync(readFileSync(asset("main.js.br"))).toString()).toBe(SCRIPT);
    expect(existsSync(asset("small.js.br"))).toBe(false);
  });
  it("are built by one of two that start at once", async () => {
    const project = makeProject();
    expect((await Promise.all([project.build(), project.build()])).sort()).toEqual([false, true]);
  });
  it("keep no start from going on when they cannot be built, and are tried again at the next", async () => {
    const project = makeProject();
    project.fail(new Error("main.tsx:1 unexpected token"));
    await buildPagesIfPossible(project.options);
    expect(project.said).toEqual([expect.stringContaining("main.tsx:1 unexpected token")]);
    project.fail(null);
    await buildPagesIfPossible(project.options);
    expect([project.builds(), project.said.length]).toEqual([2, 1]);
  });
});
