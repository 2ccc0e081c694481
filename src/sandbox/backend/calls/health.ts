import { moscowInstant } from "../world/days.ts";
import type { Call } from "./call.ts";

/** GET /health: says how things are without asking anybody. */
export const getHealth: Call = (_body, context) => {
  const { upstream, lastSuccessAt } = context.world;
  const isReachable = upstream.enabled ? upstream.available : null;
  return {
    status: 200,
    body: {
      success: true,
      status: isReachable === false ? "degraded" : "ok",
      version: "1.0.0",
      time: moscowInstant(context.now()),
      upstream: { enabled: upstream.enabled, reachable: isReachable },
      collector: {
        running: context.world.runningJob() !== null,
        last_success_at: lastSuccessAt === null ? null : moscowInstant(lastSuccessAt),
      },
    },
  };
};
