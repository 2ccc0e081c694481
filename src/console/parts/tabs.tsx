import type { ComponentChildren } from "preact";
import { useId, useRef } from "preact/hooks";

export interface Tab {
  readonly id: string;
  readonly label: string;
}

/** Tabs by the ARIA pattern: arrows move, the panel follows. */
export function Tabs({
  tabs,
  active,
  onChoose,
  label,
  children,
}: {
  readonly tabs: readonly Tab[];
  readonly active: string;
  readonly onChoose: (id: string) => void;
  readonly label: string;
  readonly children: ComponentChildren;
}) {
  const base = useId();
  const list = useRef<HTMLDivElement>(null);
  const move = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const at = tabs.findIndex(({ id }) => id === active);
    const next =
      event.key === "Home"
        ? tabs[0]
        : event.key === "End"
          ? tabs.at(-1)
          : step
            ? tabs[(at + step + tabs.length) % tabs.length]
            : null;
    if (!next) return;
    event.preventDefault();
    onChoose(next.id);
    list.current?.querySelector<HTMLElement>(`[data-tab="${next.id}"]`)?.focus();
  };
  return (
    <>
      <div class="tabs" role="tablist" aria-label={label} ref={list} onKeyDown={move}>
        {tabs.map(({ id, label: text }) => (
          <button
            key={id}
            type="button"
            role="tab"
            data-tab={id}
            id={`${base}-${id}`}
            aria-selected={id === active}
            aria-controls={`${base}-panel`}
            tabIndex={id === active ? 0 : -1}
            onClick={() => onChoose(id)}
          >
            {text}
          </button>
        ))}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: by the ARIA pattern; a panel of text alone could not be scrolled by the keyboard */}
      <div role="tabpanel" tabIndex={0} id={`${base}-panel`} aria-labelledby={`${base}-${active}`} class="panel">
        {children}
      </div>
    </>
  );
}
