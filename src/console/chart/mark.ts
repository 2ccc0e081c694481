// Where an actor stands, what may happen and what happened, as classes on the elements of a drawing.
import type { Highlight } from "./highlight.ts";

/** What is needed of a page's element: tests that run outside of pages read this file as well. */
interface Marked {
  readonly classList: {
    toggle(name: string, isOn: boolean): unknown;
    add(name: string): void;
    remove(...names: string[]): void;
  };
  getAttribute(name: string): string | null;
  closest(selector: string): Marked | null;
  querySelectorAll(selector: string): Iterable<Marked>;
}

/** @param isChoosable whether what is possible can be picked. */
export function mark(drawing: Marked, { current, possible, last }: Highlight, isChoosable: boolean): void {
  for (const state of drawing.querySelectorAll("[data-state]"))
    state.classList.toggle("current", current.has(state.getAttribute("data-state") ?? ""));
  for (const way of drawing.querySelectorAll(".way")) way.classList.remove("possible", "last");
  for (const edge of drawing.querySelectorAll("[data-edge]")) {
    const id = edge.getAttribute("data-edge") ?? "";
    // What one text stands for besides.
    const told = [id, ...(edge.getAttribute("data-also")?.split(" ") ?? [])];
    edge.classList.toggle("choosable", isChoosable && possible.has(id));
    for (const [name, ids] of [
      ["possible", possible],
      ["last", last],
    ] as const) {
      const isLit = told.some((one) => ids.has(one));
      edge.classList.toggle(name, isLit);
      // A line belongs to all transitions that take it, a number to all that it counts.
      if (isLit) edge.closest(".way")?.classList.add(name);
    }
  }
}
