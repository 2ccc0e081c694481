// One actor: where it stands, how it came there, and what may be done. Live, or as of any of its events.

import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { useLocation, useRoute } from "preact-iso";
import type { ActorPage, HistoryEntry, PastActor } from "../../support/answers/actors.ts";
import { ActorHead } from "../actor/actor-head.tsx";
import { ForceDialog } from "../actor/force-dialog.tsx";
import { History } from "../actor/history.tsx";
import { actorApi } from "../actor/paths.ts";
import { eventFromAddress, type Place, placeOf, scrubbed } from "../actor/places.ts";
import { Scrubber } from "../actor/scrubber.tsx";
import { SendDialog } from "../actor/send-dialog.tsx";
import { ContextTab, RelatedTab, TimersTab } from "../actor/side-tabs.tsx";
import { useHistory } from "../actor/use-history.ts";
import { actorPath } from "../api.ts";
import type { LastEntry } from "../chart/highlight.ts";
import { LiveChart } from "../chart/live-chart.tsx";
import { useLive } from "../live.ts";
import { Loaded, ProblemNote } from "../parts/feedback.tsx";
import { Tabs } from "../parts/tabs.tsx";
import { setServiceNow } from "../parts/time.tsx";
import { useResource } from "../resource.ts";
import { useTitle } from "../title.ts";
import { fill, useWords, words } from "../words.ts";
import "../styles/actor.css";
import "../styles/command.css";

const TEXTS = words({
  en: {
    history: "History",
    context: "Context",
    timers: "Timers",
    related: "Related",
    relatedNow: "Related, now",
    tabs: "About this actor",
    sent: "{event} was sent.",
    forced: "The state was forced.",
  },
  ru: {
    history: "История",
    context: "Контекст",
    timers: "Таймеры",
    related: "Связанные",
    relatedNow: "Связанные, сейчас",
    tabs: "Об этом акторе",
    sent: "{event} отправлено.",
    forced: "Состояние изменено принудительно.",
  },
});

export function ActorRoute() {
  const place = placeOf(useRoute().params);
  const page = useResource<ActorPage>(actorApi.page(place.address));
  useTitle(place.seq === null ? place.address : `${place.address} #${place.seq}`);
  return (
    <Loaded resource={page}>
      {(known) => {
        setServiceNow(known.now);
        return <Actor key={place.address} page={known} place={place} onReload={page.reload} />;
      }}
    </Loaded>
  );
}

type Side = "history" | "context" | "timers" | "related";
const SIDES: readonly Side[] = ["history", "context", "timers", "related"];

function Actor({
  page,
  place,
  onReload,
}: {
  readonly page: ActorPage;
  readonly place: Place;
  readonly onReload: () => void;
}) {
  const t = useWords(TEXTS);
  const { address } = page;
  const { seq, dialog } = place;
  const { query, route } = useLocation();
  const [side, setSide] = useState<Side>("history");
  const [notice, setNotice] = useState("");
  const history = useHistory(address);
  const past = useResource<PastActor>(seq === null ? null : actorApi.past(address, seq), { keep: true });
  const shownPast = seq === null ? null : past.data;
  const readAnew = () => {
    onReload();
    history.reload();
  };
  const live = useLive(actorApi.live(address), readAnew, readAnew);
  const home = actorPath(address);
  const move = useCallback(
    // One step back leads out of the past, however long one looked around there.
    (to: number) => route(scrubbed(address, to, page.rev), seq !== null && to < page.rev),
    [address, page.rev, seq, route],
  );
  useEscape(seq !== null && dialog === null, () => route(home));
  const close = () => route(home, true);
  const pick = (event: string) => route(`${home}/send?event=${encodeURIComponent(event)}`);
  const states = shownPast?.states ?? page.states;

  return (
    <div class="actor-page" data-address={address} data-live={live}>
      <div class="actor-main">
        <ActorHead page={page} states={states} isPast={seq !== null} />
        <p role="status" class={notice === "" ? "visually-hidden" : "note good"}>
          {notice}
        </p>
        {past.error && seq !== null && <ProblemNote error={past.error} onAgain={past.reload} />}
        <div class="card chart-place chart-frame">
          <LiveChart
            machine={page.machine}
            states={states}
            last={lastShown(page, shownPast, history.entries)}
            label={address}
            {...(seq === null ? { onPickEvent: pick, refused: refusedNow(page) } : {})}
          />
        </div>
        <Scrubber seq={seq} newest={page.rev} onMove={move} />
      </div>
      <aside class="actor-side">
        <Tabs
          tabs={SIDES.map((id) => ({ id, label: id === "related" && seq !== null ? t.relatedNow : t[id] }))}
          active={side}
          onChoose={(id) => setSide(id as Side)}
          label={t.tabs}
        >
          {side === "history" && (
            <History
              address={address}
              entries={history.entries}
              shown={seq ?? page.rev}
              onOlder={history.hasOlder ? history.readOlder : null}
            />
          )}
          {side === "history" && history.error && <ProblemNote error={history.error} onAgain={history.reload} />}
          {side === "context" && <ContextTab page={page} past={shownPast} />}
          {side === "timers" && <TimersTab page={page} past={shownPast} />}
          {side === "related" && <RelatedTab related={page.related} />}
        </Tabs>
      </aside>
      {dialog === "send" && (
        <SendDialog
          address={address}
          preset={eventFromAddress(query.event)}
          freshness={page.rev}
          onClose={close}
          onDone={(_, event) => {
            setNotice(fill(t.sent, { event }));
            onReload();
            history.reload();
            close();
          }}
        />
      )}
      {dialog === "force" && (
        <ForceDialog
          page={page}
          onLookAgain={onReload}
          onClose={close}
          onDone={() => {
            setNotice(t.forced);
            onReload();
            history.reload();
            close();
          }}
        />
      )}
    </div>
  );
}

/** The newest event that changed something, with the branches that it took where the service tells them. */
function lastShown(page: ActorPage, past: PastActor | null, entries: readonly HistoryEntry[]): LastEntry | null {
  if (past) return { ...past.entry, taken: past.taken };
  const last = entries.find(({ outcome }) => outcome === "applied");
  return last ? { ...last, ...(last.seq === page.rev ? { taken: page.taken } : {}) } : null;
}

const refusedNow = ({ events }: ActorPage): string[] =>
  events.filter(({ possible }) => !possible).map(({ type }) => type);

/** One key back to the present. Heard from the start: one that is pressed right after a step into the past must not be lost. */
function useEscape(isOn: boolean, onEscape: () => void): void {
  const latest = useRef({ isOn, onEscape });
  latest.current = { isOn, onEscape };
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || document.querySelector("dialog[open]") !== null) return;
      if (latest.current.isOn) latest.current.onEscape();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
}
