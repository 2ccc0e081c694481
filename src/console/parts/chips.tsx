/** States of an actor, one chip each: `billing: active.term`. */
export function StateChips({ states }: { readonly states: readonly string[] }) {
  return (
    <span class="chips">
      {states.map((state) => (
        <span class="chip current" key={state} data-current={state}>
          {regionOf(state)}
        </span>
      ))}
    </span>
  );
}

const regionOf = (state: string): string => {
  const dot = state.indexOf(".");
  return dot < 0 ? state : `${state.slice(0, dot)}: ${state.slice(dot + 1)}`;
};

export type Tone = "plain" | "good" | "warn" | "bad" | "info";

export function Chip({ text, tone = "plain" }: { readonly text: string; readonly tone?: Tone }) {
  return <span class={`chip ${tone}`}>{text}</span>;
}
