// A machine as data: what its chart draws and its outline says. Printed to visualizations/<machine>.json; read by the pages.

/** One state of a machine. */
export interface ChartState {
  /** Dotted, as in `billing.active.term`; "" for the root. */
  readonly path: string;
  readonly key: string;
  readonly kind: "atomic" | "compound" | "parallel" | "final";
  /** Path of the state around it; null for the root. */
  readonly parent: string | null;
  /** Whether entering the state around it without another wish leads here; every region of a parallel state is. */
  readonly initial: boolean;
  /** Names of actions, in order. */
  readonly entry: readonly string[];
  readonly exit: readonly string[];
  readonly invoke: readonly { readonly id: string; readonly src: string }[];
  readonly description: string | null;
}

/** One transition: one event, one guard, where it leads and what it does. */
export interface ChartEdge {
  /** `<source>|<short event>|<n>`, n counting the branches of one event from 0. Never changes with the layout. */
  readonly id: string;
  /** Path of the state that declares it. */
  readonly source: string;
  /** As XState names it: `xstate.after.…` and `xstate.done.actor.…` too; "" for a transition that waits for no event. */
  readonly event: string;
  /** For people: `payment.succeeded [isKnownCharge]`, `after 10 min`, `done [else]`. */
  readonly label: string;
  readonly guard: string | null;
  /** Paths; none for a transition that stays where it is. */
  readonly targets: readonly string[];
  readonly kind: "external" | "internal" | "reenter" | "child";
  /** Names of actions, in order. */
  readonly actions: readonly string[];
  /** Of a timer. `ms` null: it depends on the actor. Unit: milliseconds. */
  readonly delay: { readonly name: string; readonly ms: number | null } | null;
  /** Whether the chart draws it as a line; the others are written into the box of their source. */
  readonly drawn: boolean;
}

export interface Outline {
  readonly machine: string;
  /** Whether there is a drawing at a glance as well, `<machine>-overview.svg`. */
  readonly hasOverview: boolean;
  readonly description: string | null;
  /** The root first, each state before those within it. */
  readonly states: readonly ChartState[];
  /** In the order of their sources. */
  readonly edges: readonly ChartEdge[];
}
