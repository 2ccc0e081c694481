// The actors of the visitor, one tab each, and the chart of the one that is looked at.
import type { SandboxState } from "../../support/answers/sandbox.ts";
import { LiveChart } from "../chart/live-chart.tsx";
import { StateChips } from "../parts/chips.tsx";
import { Tabs } from "../parts/tabs.tsx";
import { useWords } from "../words.ts";
import { sandbox } from "./store.ts";
import { TEXTS } from "./words.ts";

export type Actor = SandboxState["actors"][number];

/** Worth turning to when they change; the others are looked at on request. */
const FOLLOWED = ["subscription", "invite", "onboarding", "customer"];

/** The chosen one, else the one that changed its state last. */
export function shownActor({ actors, happened }: SandboxState, chosen: string | null): Actor | null {
  const byChoice = actors.find(({ address }) => address === chosen);
  if (byChoice) return byChoice;
  const newest = happened.find(({ to, address }) => to.length > 0 && FOLLOWED.includes(machineOf(address)));
  return actors.find(({ address }) => address === newest?.address) ?? actors[0] ?? null;
}

const machineOf = (address: string): string => address.slice(0, address.indexOf("/"));

export function ActorPane({ state, shown }: { readonly state: SandboxState; readonly shown: Actor | null }) {
  const t = useWords(TEXTS);
  if (!shown)
    return (
      <section class="pane actor empty">
        <p class="quiet-text">{t.noActors}</p>
        <div class="actor-chart">
          <LiveChart machine="subscription" />
        </div>
      </section>
    );
  return (
    <section class="pane actor" data-address={shown.address}>
      <Tabs
        label={t.actors}
        tabs={state.actors.map(({ address, machine }) => ({
          id: address,
          label: labelOf(state.actors, address, machine),
        }))}
        active={shown.address}
        onChoose={(address) => sandbox.trigger.actorChosen({ address })}
      >
        <div class="actor-head">
          <code>{shown.address}</code> <StateChips states={shown.states} />
        </div>
        <div class="actor-chart">
          <LiveChart
            key={shown.machine}
            machine={shown.machine}
            states={shown.states}
            last={lastTaken(shown)}
            label={shown.address}
          />
        </div>
      </Tabs>
    </section>
  );
}

/** What led to the states that are shown: an event that changed nothing leads nowhere. */
function lastTaken({ entries }: Actor) {
  const entry = entries.find(({ outcome, to }) => outcome === "applied" && to.length > 0);
  return entry ? { event: { type: entry.event }, outcome: entry.outcome, from: entry.from, to: entry.to } : null;
}

/** Two payments are told apart by their number. */
function labelOf(actors: readonly Actor[], address: string, machine: string): string {
  const same = actors.filter((actor) => actor.machine === machine);
  if (same.length < 2) return machine;
  return `${machine} ${same.length - same.findIndex((actor) => actor.address === address)}`;
}
