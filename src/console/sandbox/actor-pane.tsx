// The actors of the visitor, one tab each, and the chart of the one that is looked at.
import type { SandboxState } from "../../support/answers/sandbox.ts";
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
      </Tabs>
    </section>
  );
}

/** Two payments are told apart by their number. */
function labelOf(actors: readonly Actor[], address: string, machine: string): string {
  const same = actors.filter((actor) => actor.machine === machine);
  if (same.length < 2) return machine;
  return `${machine} ${same.length - same.findIndex((actor) => actor.address === address)}`;
}
