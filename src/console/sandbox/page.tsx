// The whole page: the phone on the left, the machine in the middle, what happened on the right, the story at the bottom.
import { useEffect, useRef, useState } from "preact/hooks";
import type { SandboxState } from "../../support/answers/sandbox.ts";
import { usePreference } from "../preferences.ts";
import { fill, useWords } from "../words.ts";
import { ActorPane, shownActor } from "./actor-pane.tsx";
import { BreakDialog } from "./break-dialog.tsx";
import { Chat } from "./chat.tsx";
import { usePlay, useTelling } from "./play.ts";
import { ResetDialog, SEEDS } from "./reset-dialog.tsx";
import { ReplayDialog, UncopiedDialog } from "./scenario-dialogs.tsx";
import { Side } from "./side.tsx";
import { Steps } from "./steps.tsx";
import { reset, sandbox, useSandbox } from "./store.ts";
import { TopBar } from "./top-bar.tsx";
import { TEXTS } from "./words.ts";

export function SandboxPage() {
  const t = useWords(TEXTS);
  const state = useSandbox((known) => known.state);
  const isAway = useSandbox((known) => known.isAway);
  const chosen = useSandbox((known) => known.chosen);
  const moment = useSandbox((known) => known.moments[0] ?? null);
  const told = useSandbox((known) => known.told);
  const uncopied = useSandbox((known) => known.uncopied);
  const [side, setSide] = useState<"chat" | "chart">("chat");
  const [dialog, setDialog] = useState<"break" | "reset" | "replay" | null>(null);
  usePlay();
  useTelling();
  const hasBegun = useBeginning(state);
  useEffect(() => {
    document.title = t.title;
  }, [t]);
  if (!state || !hasBegun)
    return (
      <main class="loading">
        <h1>{t.title}</h1>
        {isAway && <p>{t.away}</p>}
      </main>
    );
  const shown = shownActor(state, chosen ?? moment?.address ?? told);
  return (
    <div class="sandbox" data-moving={state.clock.status === "moving"}>
      <TopBar state={state} shown={shown?.address ?? null} onOpen={setDialog} />
      <div class="switch">
        {(["chat", "chart"] as const).map((one) => (
          <button key={one} type="button" aria-pressed={side === one} data-switch={one} onClick={() => setSide(one)}>
            {one === "chat" ? t.chatShort : t.chartShort}
          </button>
        ))}
      </div>
      <main data-side={side}>
        {isAway && <p class="note bad away">{t.away}</p>}
        <Chat state={state} />
        <ActorPane key={side} state={state} shown={shown} moment={moment} chosen={chosen} />
        <Side state={state} onReplay={() => setDialog("replay")} />
        {dialog === "break" && <BreakDialog state={state} onClose={() => setDialog(null)} />}
        {dialog === "reset" && <ResetDialog onClose={() => setDialog(null)} />}
        {dialog === "replay" && <ReplayDialog onClose={() => setDialog(null)} />}
        {uncopied !== null && <UncopiedDialog text={uncopied} onClose={() => sandbox.trigger.copyOver()} />}
      </main>
      <footer>
        <Steps steps={state.steps} />
      </footer>
      <Announcer state={state} />
    </div>
  );
}

const seedIn = (url: URL) => SEEDS.find((known) => known === url.searchParams.get("seed"));

/**
 * What the address asks for (`?seed=grace`), and the reader's language for somebody who has not begun.
 * @returns whether that was done: until then the page would show the life of the visitor before.
 */
function useBeginning(state: SandboxState | null): boolean {
  const t = useWords(TEXTS);
  const language = usePreference("language");
  const isDone = useRef(false);
  const [hasBegun, setBegun] = useState(() => seedIn(new URL(location.href)) === undefined);
  useEffect(() => {
    if (!state || isDone.current) return;
    isDone.current = true;
    const url = new URL(location.href);
    const wanted = url.searchParams.get("seed");
    const seed = seedIn(url);
    const sayUnknown = () => {
      if (wanted !== null && !seed)
        sandbox.trigger.noted({ note: fill(t.unknownSeed, { seed: wanted, seeds: SEEDS.join(", ") }) });
    };
    if (seed) {
      url.searchParams.delete("seed");
      history.replaceState(null, "", url);
      void reset(seed, language).finally(() => setBegun(true));
    } else if (state.chat.length === 0 && state.visitor.language !== language)
      void reset("new", language).then(sayUnknown);
    else sayUnknown();
  }, [state, language]);
  return hasBegun;
}

/** Says each change of state once, when it has settled: nothing while the clock moves. */
function Announcer({ state }: { readonly state: SandboxState }) {
  const [text, setText] = useState("");
  const isSettled = state.clock.status !== "moving";
  const newest = state.happened.find(({ to }) => to.length > 0);
  const said = newest ? `${newest.address.slice(0, newest.address.indexOf("/"))}: ${newest.to.join(", ")}` : "";
  const key = newest?.entryId ?? "";
  useEffect(() => {
    if (isSettled) setText(said);
  }, [isSettled, key]);
  return (
    <p class="visually-hidden" role="status" aria-live="polite">
      {text}
    </p>
  );
}
