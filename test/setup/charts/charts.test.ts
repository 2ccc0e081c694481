import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { AnyStateMachine } from "xstate";
import { definitions } from "../../../machines/registry.ts";
import { HEADER_HEIGHT, TEXT_INSET } from "../../../src/setup/charts/boxes.ts";
import { draw, drawOverview } from "../../../src/setup/charts/drawing.ts";
import type { Drawing, Rectangle } from "../../../src/setup/charts/geometry.ts";
import { outlineOf, printCharts, staleCharts, writeCharts } from "../../../src/setup/charts/main.ts";
import { againstStory, crossedTexts, crossings, overlaps } from "../../../src/setup/charts/measure.ts";
import { overviewOf } from "../../../src/setup/charts/overview.ts";
import { writeSvg } from "../../../src/setup/charts/svg.ts";
import { openTagsLeft } from "./well-formed.ts";

/** Crossings of lines as they are today, whole chart and compact one: a change of a machine or of the layout must not add any unseen. */
const CROSSINGS: Readonly<Record<string, number>> = {
  customer: 0,
  subscription: 13,
  order: 0,
  payment: 0,
  invite: 3,
  channel: 2,
  onboarding: 3,
  ticket: 0,
};
const OVERVIEW_CROSSINGS: Readonly<Record<string, number>> = { invite: 4 };
/** Twice the widest screen is as much as anybody scrolls. Unit: CSS pixels. */
const LARGEST = { width: 4400, height: 3200 };

const nodesOf = (node: AnyStateMachine["root"]): AnyStateMachine["root"][] => [
  node,
  ...Object.values(node.states).flatMap(nodesOf),
];
const attributes = (svg: string, name: string): string[] =>
  [...svg.matchAll(new RegExp(` ${name}="([^"]*)"`, "g"))].map(([, value = ""]) => value);
const plain = (text: string): string => text.replaceAll("&gt;", ">").replaceAll("&lt;", "<").replaceAll("&amp;", "&");

/** What nothing may be written over: boxes without states in them, headers, and texts of those with. */
function inked({ boxes }: Drawing): Rectangle[] {
  const parents = new Set(boxes.map(({ box }) => box.state.parent));
  return boxes.flatMap(({ box, at }) =>
    parents.has(box.state.path)
      ? [
          {
            x: at.x + TEXT_INSET,
            y: at.y + HEADER_HEIGHT,
            width: box.lines.length === 0 ? 0 : box.textWidth,
            height: box.height - HEADER_HEIGHT,
          },
        ]
      : [at],
  );
}

describe.each(definitions)("the chart of $name", (definition) => {
  const outline = outlineOf(definition);

  it("has every state and every transition of the machine in its outline, once", () => {
    const nodes = nodesOf(definition.machine.root);
    expect(outline.states.map(({ path }) => path)).toEqual(nodes.map(({ path }) => path.join(".")));
    const transitions = nodes.flatMap((node) => [...[...node.transitions.values()].flat(), ...(node.always ?? [])]);
    expect(outline.edges.map(({ event }) => event)).toEqual(transitions.map(({ eventType }) => eventType));
    expect(new Set(outline.edges.map(({ id }) => id)).size).toBe(outline.edges.length);
    for (const { source, targets } of outline.edges)
      for (const path of [source, ...targets]) expect(outline.states.map((state) => state.path)).toContain(path);
  });

  it.each([false, true])(
    "draws each of them once, and nothing over anything else (compact: %s)",
    async (compact) => {
      const drawing = await draw(outline, compact);
      const svg = writeSvg(outline, drawing, "");
      expect(attributes(svg, "data-state").sort()).toEqual(outline.states.map(({ path }) => path).sort());
      expect(attributes(svg, "data-edge").map(plain).sort()).toEqual(outline.edges.map(({ id }) => id).sort());
      expect(openTagsLeft(svg)).toEqual([]);
      expect(svg).not.toContain("NaN");

      const labels = drawing.ways.flatMap(({ label }) => (label === null ? [] : [label]));
      const written = [...labels, ...inked(drawing)];
      for (const [index, label] of labels.entries())
        for (const other of written.slice(index + 1))
          expect(overlaps(label, other), JSON.stringify([label, other])).toBe(false);

      expect(crossings(drawing)).toBeLessThanOrEqual(CROSSINGS[definition.name] ?? 0);
      expect(againstStory(drawing)).toBe(0);
      expect(crossedTexts(drawing)).toBeLessThanOrEqual(2);
      expect(drawing.width).toBeLessThanOrEqual(LARGEST.width);
      expect(drawing.height).toBeLessThanOrEqual(LARGEST.height);
    },
    120_000,
  );
});

/** Of the machines that are large enough for one. */
const overviews = definitions.flatMap((definition) => {
  const whole = outlineOf(definition);
  const overview = overviewOf(whole);
  return overview ? [{ name: definition.name, whole, overview }] : [];
});

describe.each(overviews)("the overview of $name", ({ name, whole, overview }) => {
  it("shows each box once, on a page's width, without lines over texts or against the story", async () => {
    const drawing = await drawOverview(overview);
    const svg = writeSvg(overview.outline, drawing, "");
    expect(attributes(svg, "data-state").sort()).toEqual(overview.outline.states.map(({ path }) => path).sort());
    for (const { source, targets } of overview.outline.edges)
      for (const path of [source, ...targets]) expect(attributes(svg, "data-state")).toContain(path);
    const ids = attributes(svg, "data-edge").map(plain);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(whole.edges.map((edge) => edge.id)).toContain(id);
    expect(openTagsLeft(svg)).toEqual([]);
    expect(drawing.width).toBeLessThanOrEqual(1100);
    expect(crossings(drawing)).toBeLessThanOrEqual(OVERVIEW_CROSSINGS[name] ?? 0);
    expect(crossedTexts(drawing)).toBe(0);
    expect(againstStory(drawing)).toBe(0);
  }, 120_000);
  it("names at most two events of a line and counts the others", () => {
    const lines = new Map<string, string[]>();
    for (const { source, targets, label } of overview.outline.edges)
      lines.set(`${source}>${targets}`, [...(lines.get(`${source}>${targets}`) ?? []), label]);
    for (const labels of lines.values())
      expect(labels.filter((label) => !/^\+\d+$/.test(label)).length).toBeLessThanOrEqual(2);
  });
});

describe("a compact chart", () => {
  it("counts what ends where it began, keeps it findable, and keeps in words what leads elsewhere", async () => {
    for (const definition of definitions) {
      const outline = outlineOf(definition);
      const drawing = await draw({ ...outline, edges: outline.edges.map((edge) => ({ ...edge, drawn: false })) }, true);
      const svg = writeSvg(outline, drawing, "");
      for (const { path } of outline.states) {
        const listed = outline.edges.filter(({ source }) => source === path);
        const home = listed.filter(({ kind }) => kind === "internal" || kind === "reenter");
        const [group = ""] = new RegExp(`data-state="${path}">[\\s\\S]*?(?=data-state=|$)`).exec(svg) ?? [];
        const [fold] = /<g class="way fold">[\s\S]*?<\/text>/.exec(group) ?? [];
        if (home.length < 2) expect(fold).toBeUndefined();
        else {
          expect(fold).toContain(`>+${home.length} at home<`);
          expect(attributes(fold ?? "", "data-edge").map(plain)).toEqual(home.map(({ id }) => id));
          for (const { label } of home) expect(plain(fold ?? "")).toContain(label);
        }
      }
    }
  }, 60_000);
});

describe("the overview of subscription", () => {
  const overview = overviews.find(({ name }) => name === "subscription")?.overview;

  it("tells how a checkout becomes a subscription", () => {
    if (!overview) throw new Error("no overview");
    const ways = overview.outline.edges.filter(({ drawn }) => drawn);
    expect(ways).toContainEqual(
      expect.objectContaining({ source: "billing.checkout", targets: ["billing.active"], label: "payment.succeeded" }),
    );
    const left = new Set(ways.map(({ source }) => source));
    expect(left).toContain("billing.pastDue");
  });
  it("tells at the region what is possible wherever it is, with all that one text stands for", () => {
    const told = overview?.outline.edges.filter(({ source }) => source === "billing");
    expect(told?.map(({ label, targets, drawn }) => [label, ...targets, drawn])).toEqual([
      ["payment.succeeded, term.granted", "billing.active", false],
      ["access.revoked", "billing.revoked", false],
    ]);
    expect(told?.[0]).toMatchObject({
      id: "billing|payment.succeeded|2",
      also: ["billing|payment.succeeded|3", "billing|term.granted|0"],
    });
  });
});

describe("printing charts", () => {
  const few = definitions.filter(({ name }) => name === "ticket" || name === "order");

  it("gives the same bytes each time", async () => {
    expect([...(await printCharts(few))]).toEqual([...(await printCharts(few))]);
  }, 60_000);

  it("finds files that are missing, edited by hand or left over, and writing settles it", async () => {
    const root = mkdtempSync(join(tmpdir(), "tgs-charts-"));
    onTestFinished(() => rmSync(root, { recursive: true, force: true }));
    const files = new Map([
      ["a.svg", "<svg/>"],
      ["a.json", "{}"],
    ]);
    expect(staleCharts(root, files)).toEqual(["a.svg", "a.json"]);
    writeCharts(root, files);
    expect(staleCharts(root, files)).toEqual([]);
    writeFileSync(join(root, "visualizations/a.svg"), "by hand");
    writeFileSync(join(root, "visualizations/b.svg"), "of a machine that is gone");
    expect(staleCharts(root, files)).toEqual(["a.svg", "b.svg"]);
    writeCharts(root, files);
    expect(staleCharts(root, files)).toEqual([]);
  });
});
