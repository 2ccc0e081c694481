// How far our own data are from the reference: each key over the days, each spreadsheet's gate, and one spreadsheet in full.
import type { ComponentChildren } from "preact";
import { useCallback } from "preact/hooks";
import type { DatasetLine, ParityDays } from "../../support/answers/datasets.ts";
import { useLiveReload } from "../live-reload.ts";
import { Chip } from "../parts/chips.tsx";
import { Loaded } from "../parts/feedback.tsx";
import { Pager } from "../parts/filters.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { type Column, Table } from "../parts/table.tsx";
import { Time } from "../parts/time.tsx";
import { withQuery } from "../query.ts";
import { useResource } from "../resource.ts";
import { fill, useWords } from "../words.ts";
import { KeyCurves } from "./parity-curves.tsx";
import { useParityPlace } from "./parity-place.ts";
import { ParityScope } from "./parity-scope.tsx";
import { PARITY_TEXTS } from "./parity-words.ts";
import { TierChip, useShare } from "./tier-chip.tsx";
import "../styles/parity.css";

interface Lines {
  readonly datasets: readonly DatasetLine[];
  readonly cursor: string | null;
}

export function ParityPage() {
  const t = useWords(PARITY_TEXTS);
  const { query, at } = useParityPlace();
  const days = useResource<ParityDays>("/api/v1/datasets/days");
  const lines = useResource<Lines>(withQuery("/api/v1/datasets", { cursor: query.cursor }));
  const reload = useCallback(() => {
    days.reload();
    lines.reload();
  }, [days.reload, lines.reload]);
  const live = useLiveReload("machine=dataset", reload);
  return (
    <div class="stack">
      <PageHead title={t.title} twin="/datasets/days" live={live} lead={t.lead}>
        <a class="button small" href="/api/v1/datasets/days" download="parity.json">
          {t.download}
        </a>
      </PageHead>
      {(days.data?.unsupported ?? 0) > 0 && (
        <p role="note">{fill(t.unsupported, { n: days.data?.unsupported ?? 0 })}</p>
      )}
      <Loaded resource={days}>
        {(known) =>
          known.days.length === 0 ? (
            <div class="card empty">
              <p>{known.collects ? t.empty : t.notCollecting}</p>
              {known.nextAt !== null && (
                <p>
                  {t.nextAt} <Time at={known.nextAt} isBrief />
                </p>
              )}
            </div>
          ) : (
            <Fleet known={known} />
          )
        }
      </Loaded>
      <h2>{t.scopes}</h2>
      <Loaded resource={lines}>
        {({ datasets, cursor }) => (
          <>
            <Scopes lines={datasets} />
            <Pager
              firstHref={query.cursor === undefined ? null : at({ cursor: "" })}
              nextHref={cursor === null ? null : at({ cursor })}
            />
          </>
        )}
      </Loaded>
      {query.scope !== undefined && <ParityScope key={query.scope} scope={query.scope} />}
    </div>
  );
}

function Fleet({ known }: { readonly known: ParityDays }) {
  const t = useWords(PARITY_TEXTS);
  const { query, at } = useParityPlace();
  const share = useShare();
  const { days, keys, noise, states } = known;
  const last = days.at(-1);
  const shown = keys.find(({ key }) => key === query.key) ?? keys[0];
  if (last === undefined || shown === undefined) return null;
  const { ok = 0 } = last.statuses;
  const columns: readonly Column<ParityDays["keys"][number]>[] = [
    {
      id: "key",
      title: t.key,
      cell: ({ key, critical }) => (
        <>
          <a href={at({ key })} {...(key === shown.key ? { "aria-current": "true" as const } : {})}>
            <code>{key}</code>
          </a>
          {critical && <span class="cell-sub">{t.critical}</span>}
        </>
      ),
    },
    { id: "tier", title: t.tier, cell: ({ key }) => <TierChip tier={last.keys[key]?.tier ?? "none"} /> },
    {
      ...{ id: "exact", title: t.exact, number: true },
      cell: ({ key, green }) => share(last.keys[key]?.exactRatio, green.exactMin, "≥"),
    },
    {
      ...{ id: "wape", title: t.wape, number: true },
      cell: ({ key, green }) => share(last.keys[key]?.wape, green.wapeMax, "≤"),
    },
    {
      ...{ id: "coverage", title: t.coverage, number: true },
      cell: ({ key, green }) => share(last.keys[key]?.coverage, green.coverageMin, "≥"),
    },
    {
      ...{ id: "noise", title: t.noise, number: true },
      cell: ({ key }) =>
        noise === null ? <span class="cell-sub">{t.noneYet}</span> : share(noise.keys[key]?.exactRatio),
    },
    {
      id: "sheets",
      title: t.sheets,
      cell: ({ key }) => (
        <span class="chips">
          {(["green", "yellow", "red", "none"] as const).map((tier) => {
            const count = last.keys[key]?.tiers[tier] ?? 0;
            return count > 0 && <TierChip key={tier} tier={tier} count={count} />;
          })}
        </span>
      ),
    },
  ];
  return (
    <>
      <dl class="tiles">
        <Tile name={t.lastDay}>{last.date}</Tile>
        <Tile name={t.agreement}>{share(last.numericExactRatio)}</Tile>
        <Tile name={t.continuous}>{share(last.pctNmContinuous)}</Tile>
        <Tile name={t.wholeDays}>{share(last.pctDaysWithoutHoles)}</Tile>
        <Tile name={t.notOk}>
          {last.scopes - ok} / {last.scopes}
        </Tile>
        {Object.entries(states).map(([state, count]) => (
          <Tile key={state} name={`${t.state}: ${(t as Readonly<Record<string, string>>)[state] ?? state}`}>
            <a href={withQuery("/console/actors", { machine: "dataset", state: `gate.${state}` })}>{count}</a>
          </Tile>
        ))}
      </dl>
      <h2>{t.keys}</h2>
      <Table caption={t.keys} columns={columns} rows={keys} keyOf={({ key }) => key} empty="" />
      <KeyCurves
        title={fill(t.days60, { key: shown.key })}
        limits={shown}
        days={days.map(({ date, keys: measured }) => {
          const measures = measured[shown.key] ?? null;
          return { date, measures, tier: measures?.tier ?? "none" };
        })}
      />
    </>
  );
}

const Tile = ({ name, children }: { readonly name: string; readonly children: ComponentChildren }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);

const STATE_TONES = { autonomous: "good", probation: "info", pinned: "warn" } as const;

function Scopes({ lines }: { readonly lines: readonly DatasetLine[] }) {
  const t = useWords(PARITY_TEXTS);
  const texts: Readonly<Record<string, string>> = t;
  const { at } = useParityPlace();
  const share = useShare();
  const columns: readonly Column<DatasetLine>[] = [
    {
      id: "sheet",
      title: t.sheet,
      cell: ({ dataset, spreadsheetId }) => (
        <>
          <a class="id" href={at({ scope: `${dataset}:${spreadsheetId}` })}>
            <code>{spreadsheetId}</code>
          </a>
          <span class="cell-sub">{dataset}</span>
        </>
      ),
    },
    {
      id: "state",
      title: t.state,
      cell: ({ state, pin }) => (
        <>
          <Chip text={t[state]} tone={STATE_TONES[state as "pinned"] ?? "plain"} />
          {pin !== null && (
            <span class="cell-sub">
              {t.until} <Time at={pin.until} isBrief /> · {pin.by} · {pin.reason}
            </span>
          )}
        </>
      ),
    },
    { id: "side", title: t.side, cell: ({ side }) => t[side] },
    {
      id: "streak",
      title: t.streak,
      cell: ({ passStreak, holdStreak, unverifiedDays }) =>
        [
          passStreak > 0 && fill(t.passes, { n: passStreak }),
          holdStreak > 0 && fill(t.holds, { n: holdStreak }),
          unverifiedDays > 0 && fill(t.unverifiedDays, { n: unverifiedDays }),
        ]
          .filter(Boolean)
          .join(", ") || "—",
    },
    {
      id: "last",
      title: t.lastDay,
      cell: ({ lastDay }) =>
        lastDay && (
          <>
            {lastDay.date}: {t[lastDay.verdict]}
            <span class="cell-sub">{share(lastDay.numericExactRatio)}</span>
          </>
        ),
    },
    {
      id: "decision",
      title: t.decision,
      cell: ({ decision }) =>
        decision && (
          <>
            {decision.date}: {t[`to_${decision.side}`]}, {texts[`reason_${decision.reason}`] ?? texts[decision.reason]}
            <span class="cell-sub">
              {decision.applied === null
                ? t.underWay
                : decision.applied
                  ? t.applied
                  : fill(t.notApplied, { why: decision.problem ?? "?" })}
            </span>
          </>
        ),
    },
  ];
  return (
    <Table
      caption={t.scopes}
      columns={columns}
      rows={lines}
      keyOf={({ address }) => address}
      empty={t.noScopes}
      markOf={({ lastDay }) => (lastDay?.verdict === "fail" ? "bad" : lastDay?.verdict === "pass" ? null : "warn")}
    />
  );
}
