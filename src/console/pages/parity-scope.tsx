// One spreadsheet: the days of its gate with their reasons, where its sides are furthest apart, and what calibration found.
import { useEffect, useRef } from "preact/hooks";
import { useLocation } from "preact-iso";
import type { DatasetDay, DatasetPage, WorstRows } from "../../support/answers/datasets.ts";
import { actorPath } from "../api.ts";
import { useLiveReload } from "../live-reload.ts";
import { Chip } from "../parts/chips.tsx";
import { Loaded } from "../parts/feedback.tsx";
import { SelectFilter } from "../parts/filters.tsx";
import { ActorLink } from "../parts/id.tsx";
import { type Column, Table } from "../parts/table.tsx";
import { withQuery } from "../query.ts";
import { useResource } from "../resource.ts";
import { fill, useWords } from "../words.ts";
import { Calibration } from "./parity-calibration.tsx";
import { KeyCurves } from "./parity-curves.tsx";
import { useParityPlace } from "./parity-place.ts";
import { PARITY_TEXTS } from "./parity-words.ts";
import { TierChip, useShare } from "./tier-chip.tsx";

/** `scope`: `<dataset>:<spreadsheet id>`. */
export function ParityScope({ scope }: { readonly scope: string }) {
  const t = useWords(PARITY_TEXTS);
  const { query, at } = useParityPlace();
  const address = `dataset/${scope}`;
  const colon = scope.indexOf(":");
  const path = `/api/v1/datasets/${encodeURIComponent(scope.slice(colon + 1))}/${encodeURIComponent(scope.slice(0, colon))}`;
  const page = useResource<DatasetPage>(path);
  useLiveReload(withQuery("", { address }).slice(1), page.reload);
  const place = useRef<HTMLElement>(null);
  useEffect(() => place.current?.scrollIntoView(), [page.data === null]);
  return (
    <section class="stack" aria-labelledby="scope" ref={place}>
      <div class="row apart">
        <h2 id="scope">
          <code>{scope}</code>
        </h2>
        <span class="row">
          <a class="button small" href={`${actorPath(address)}/send?event=dataset.${page.data?.pin ? "un" : ""}pinned`}>
            {page.data?.pin ? t.unpin : t.pin}
          </a>
          <ActorLink address={address} label={t.actor} />
          <a class="button small" href={at({ scope: "", day: "" })}>
            {t.close}
          </a>
        </span>
      </div>
      <Loaded resource={page}>
        {({ days, keys, collection }) => {
          const limits = keys.find(({ key }) => key === query.key) ?? keys[0];
          return (
            <>
              {collection?.isUnsupported && <p role="note">{fill(t.unsupported, { n: 1 })}</p>}
              <History days={days} />
              {limits && days.length > 0 && (
                <KeyCurves
                  title={fill(t.ownDays, { key: limits.key })}
                  limits={limits}
                  days={days
                    .map(({ date, keys: measured, tiers }) => ({
                      date,
                      measures: measured?.[limits.key] ?? null,
                      tier: tiers[limits.key] ?? ("none" as const),
                    }))
                    .reverse()}
                />
              )}
              <Worst path={path} days={days} keys={keys.map(({ key }) => key)} />
              <Calibration path={path} />
            </>
          );
        }}
      </Loaded>
    </section>
  );
}

function History({ days }: { readonly days: readonly DatasetDay[] }) {
  const t = useWords(PARITY_TEXTS);
  const texts: Readonly<Record<string, string>> = t;
  const { at } = useParityPlace();
  const share = useShare();
  const reasonText = (reason: string): string => texts[`reason_${reason}`] ?? texts[reason] ?? reason;
  const columns: readonly Column<DatasetDay>[] = [
    { id: "day", title: t.day, cell: ({ date }) => <a href={at({ day: date })}>{date}</a> },
    {
      id: "verdict",
      title: t.verdict,
      cell: ({ verdict, status, asofSkew }) => (
        <>
          {t[verdict]}
          <span class="cell-sub">{asofSkew ? t.skewed : t[status]}</span>
        </>
      ),
    },
    {
      ...{ id: "ratio", title: t.agreement, number: true },
      cell: ({ numericExactRatio, windowDays }) => (
        <>
          {share(numericExactRatio)}
          {windowDays !== null && <span class="cell-sub">{fill(t.over, { n: windowDays })}</span>}
        </>
      ),
    },
    {
      id: "tiers",
      title: t.offKeys,
      cell: ({ tiers }) =>
        Object.entries(tiers).map(
          ([key, tier]) =>
            tier !== "green" && (
              <span key={key} class="cell-sub">
                <code>{key}</code> <TierChip tier={tier} />
              </span>
            ),
        ),
    },
    {
      id: "complete",
      title: t.complete,
      cell: ({ history }) =>
        history &&
        fill(t.completeness, {
          nm: String(share(history.pctNmContinuous)),
          days: String(share(history.pctDaysWithoutHoles)),
        }),
    },
    {
      id: "after",
      title: t.after,
      cell: ({ state, switched, reason, passStreak, neededStreak, wouldHave }) => (
        <>
          {t[state]} {switched && <Chip text={t.switched} tone={state === "local" ? "good" : "warn"} />}
          <span class="cell-sub">
            {[
              reason !== null && reasonText(reason),
              passStreak > 0 && fill(t.passes, { n: passStreak }),
              neededStreak !== null && !switched && fill(t.need, { n: neededStreak }),
              wouldHave && fill(t.would, { side: t[`to_${wouldHave.state}`], reason: reasonText(wouldHave.reason) }),
            ]
              .filter(Boolean)
              .join(", ")}
          </span>
        </>
      ),
    },
  ];
  return (
    <>
      <h3>{t.history}</h3>
      <Table
        caption={t.history}
        columns={columns}
        rows={days}
        keyOf={({ date }) => date}
        empty={t.noDays}
        markOf={({ verdict }) => (verdict === "fail" ? "bad" : verdict === "pass" ? null : "warn")}
      />
    </>
  );
}

type WorstRow = WorstRows["rows"][number];

function Worst({
  path,
  days,
  keys,
}: {
  readonly path: string;
  readonly days: readonly DatasetDay[];
  readonly keys: readonly string[];
}) {
  const t = useWords(PARITY_TEXTS);
  const { query, at } = useParityPlace();
  const { route } = useLocation();
  const dates = days.filter(({ status }) => status === "ok").map(({ date }) => date);
  const day = query.day ?? dates[0] ?? "";
  const key = query.key ?? keys[0] ?? "";
  const worst = useResource<WorstRows>(day === "" || key === "" ? null : withQuery(`${path}/worst`, { day, key }));
  const value = (of: number | null) => of ?? "—";
  const columns: readonly Column<WorstRow>[] = [
    { id: "article", title: t.article, cell: ({ nmId }) => <code>{nmId}</code> },
    { id: "upstream", title: t.upstreamValue, number: true, cell: ({ upstream }) => value(upstream) },
    { id: "local", title: t.localValue, number: true, cell: ({ local }) => value(local) },
    { id: "error", title: t.apart, number: true, cell: ({ error }) => Number(error.toFixed(4)) },
  ];
  if (dates.length === 0) return null;
  const title = fill(t.worst, { key, day });
  return (
    <>
      <h3 id="worst">{title}</h3>
      <div class="filter-bar">
        {(["key", "day"] as const).map((name) => (
          <SelectFilter
            key={name}
            label={t[name]}
            value={name === "key" ? key : day}
            options={(name === "key" ? keys : dates).map((one) => ({ value: one, label: one }))}
            onChange={(chosen) => route(at({ [name]: chosen }))}
            all={null}
          />
        ))}
      </div>
      {worst.error?.status === 404 ? (
        <p class="card empty">{t.notFrozen}</p>
      ) : (
        <Loaded resource={worst}>
          {({ rows }) => (
            <Table caption={title} columns={columns} rows={rows} keyOf={({ nmId }) => String(nmId)} empty={t.noWorst} />
          )}
        </Loaded>
      )}
    </>
  );
}
