// The actors of the visitor: the states of all of them at once, one tab each, and the chart of the one that is looked at.
import type { SandboxState } from "../../support/answers/sandbox.ts";
import { LiveChart } from "../chart/live-chart.tsx";
import { StateChips } from "../parts/chips.tsx";
import { Tabs } from "../parts/tabs.tsx";
import { useWords } from "../words.ts";
import { asItIs, lastTold, type Moment } from "./moments.ts";
import { sandbox } from "./store.ts";
import { TEXTS } from "./words.ts";

export type Actor = SandboxState["actors"][number];

/** The chosen one, also where it was chosen before it began, by its machine; else the one that is told about. */
export const shownActor = (state: SandboxState, address: string | null): Actor | null =>
  state.actors.find((actor) => actor.address === address || actor.machine === address) ?? lastTold(state);

export function ActorPane({
  state,
  shown,
  moment,
  chosen,
}: {
  readonly state: SandboxState;
  readonly shown: Actor | null;
  /** What is told at the moment; null: as it is now. */
  readonly moment: Moment | null;
  /** The tab that the visitor chose: an address, or the machine of an actor that has not begun. */
  readonly chosen: string | null;
}) {
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
  const ahead = state.toCome.find(({ machine }) => machine === chosen);
  const { states, last } = moment?.address === shown.address ? moment : asItIs(shown);
  return (
    <section class="pane actor" data-address={shown.address} data-shown={ahead?.machine ?? shown.machine}>
      <Tabs
        label={t.actors}
        tabs={[
          ...state.actors.map(({ address, machine }) => ({
            id: address as string,
            label: labelOf(state.actors, address, machine),
          })),
          ...state.toCome.map(({ machine }) => ({ id: machine, label: machine })),
        ]}
        active={ahead?.machine ?? shown.address}
        onChoose={(address) => sandbox.trigger.actorChosen({ address })}
      >
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways where there is little room */}
        <section class="roster" aria-label={t.states} tabIndex={0}>
          {state.actors.map((actor) => (
            <span key={actor.address} data-actor={actor.machine} data-here={actor === shown && !ahead}>
              <b class="mono small">{labelOf(state.actors, actor.address, actor.machine)}</b>{" "}
              <StateChips states={actor.states} />
            </span>
          ))}
          {state.toCome.map(({ machine, states: first }) => (
            <span key={machine} data-actor={machine} data-here={machine === ahead?.machine}>
              <b class="mono small">{machine}</b> <StateChips states={first} />{" "}
              <span class="quiet-text small">{t.notStarted}</span>
            </span>
          ))}
          {chosen !== null && (
            <button type="button" class="small" onClick={() => sandbox.trigger.storyFollowed()}>
              {t.follow}
            </button>
          )}
        </section>
        <div class="actor-chart">
          {ahead ? (
            <LiveChart key={ahead.machine} machine={ahead.machine} states={ahead.states} />
          ) : (
            <LiveChart key={shown.machine} machine={shown.machine} states={states} last={last} label={shown.address} />
          )}
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
