import type { ChartEdge } from "./outline.ts";

/** What somebody may say to an actor; timers, results of work and transitions without an event come from within. */
export const isPublic = ({ event }: Pick<ChartEdge, "event">): boolean => event !== "" && !event.startsWith("xstate.");
