// The dashboard as Grafana imports it (Dashboards → New → Import).
import { type Panel, ROWS } from "../dashboard/rows.ts";

/** Grafana's grid has 24 columns. */
const WIDTH = { line: 8, number: 4 } as const;
const HEIGHT = 7;
const COLUMNS = 24;
const SOURCE = { type: "prometheus", uid: "$datasource" };

export function renderDashboard(): string {
  const panels: object[] = [];
  let y = 0;
  for (const { title, panels: inRow } of ROWS) {
    panels.push({
      ...{ id: panels.length + 1, type: "row", title, collapsed: false, panels: [] },
      gridPos: at(0, y, COLUMNS, 1),
    });
    y += 1;
    let x = 0;
    for (const panel of inRow) {
      const width = WIDTH[panel.kind];
      if (x + width > COLUMNS) {
        x = 0;
        y += HEIGHT;
      }
      panels.push({ id: panels.length + 1, ...draw(panel), gridPos: at(x, y, width, HEIGHT) });
      x += width;
    }
    y += HEIGHT;
  }
  const dashboard = {
    ...{
      title: "tg-subscriptions",
      uid: "tg-subscriptions",
      tags: ["tg-subscriptions"],
      schemaVersion: 39,
      version: 1,
    },
    ...{ editable: true, refresh: "30s", time: { from: "now-24h", to: "now" }, timezone: "browser" },
    templating: {
      list: [{ name: "datasource", label: "Data source", type: "datasource", query: "prometheus", hide: 0 }],
    },
    panels,
  };
  return `${JSON.stringify(dashboard, null, 2)}\n`;
}

const at = (x: number, y: number, w: number, h: number) => ({ x, y, w, h });

function draw({ title, about, kind, unit, queries, limit, isFloor }: Panel): object {
  const [calm, alarmed] = isFloor ? ["red", "green"] : ["green", "red"];
  const steps =
    limit === undefined
      ? [{ color: "green", value: null }]
      : [
          { color: calm, value: null },
          { color: alarmed, value: limit },
        ];
  return {
    ...{ type: kind === "line" ? "timeseries" : "stat", title, description: about, datasource: SOURCE },
    targets: queries.map(({ expr, name }, index) => ({
      ...{ refId: String.fromCharCode(65 + index), expr, legendFormat: name, datasource: SOURCE },
    })),
    fieldConfig: {
      defaults: {
        ...{ unit, min: 0, thresholds: { mode: "absolute", steps } },
        ...(kind === "line" && limit !== undefined ? { custom: { thresholdsStyle: { mode: "line" } } } : {}),
      },
      overrides: [],
    },
    options: kind === "line" ? { tooltip: { mode: "multi" } } : { reduceOptions: { calcs: ["lastNotNull"] } },
  };
}
