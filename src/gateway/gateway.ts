// Which side one response is served from (contract 7.9). It reads the gate's decision and never changes it.
import type { Side } from "../../machines/dataset/gate.ts";
import { AppError, isAppError } from "../errors.ts";
import type { DayWindow, Gateway, LocalRows, Scope, Served, SideRows, SourceInForce, Upstream } from "./ports.ts";
import type { UpstreamBreaker } from "./upstream-breaker.ts";

export interface GatewayDeps {
  readonly inForce: SourceInForce;
  /** null: the service runs without a product backend. */
  readonly upstream: Upstream | null;
  readonly local: LocalRows;
  readonly breaker: UpstreamBreaker;
  readonly onServed: (dataset: string, served: Pick<Served, "source" | "isDegraded">) => void;
  /** A side that could not be read; the other one is asked. */
  readonly onTrouble: (side: Side, error: Error) => void;
}

export function makeGateway({ inForce, upstream, local, breaker, onServed, onTrouble }: GatewayDeps): Gateway {
  async function fromUpstream(scope: Scope, window: DayWindow): Promise<SideRows | null> {
    if (upstream === null) return null;
    const answer = await breaker.run((signal) => upstream.read(scope, window, signal));
    return answer.kind === "rows" ? answer : null;
  }

  /** null: this side has nothing, or is not there. */
  async function from(side: Side, scope: Scope, window: DayWindow): Promise<SideRows | null> {
    try {
      return side === "upstream" ? await fromUpstream(scope, window) : await local.read(scope, window);
    } catch (error) {
      // Nothing else is there without Redis either.
      if (isAppError(error, "redis.unreachable")) throw error;
      onTrouble(side, error instanceof Error ? error : new Error(String(error)));
      return null;
    }
  }

  return {
    async readRows(scope, window, asked = "auto") {
      const first = asked === "auto" ? await inForce.sideOf(scope) : asked;
      const sides: readonly Side[] = asked === "auto" ? [first, first === "local" ? "upstream" : "local"] : [first];
      for (const source of sides) {
        const rows = await from(source, scope, window);
        if (rows === null) continue;
        const served = { source, isDegraded: source !== first };
        onServed(scope.dataset, served);
        return { rows: rows.rows, capturedAt: rows.capturedAt, requestedSource: asked, ...served };
      }
      throw new AppError("gateway.noSource", { details: { dataset: scope.dataset, asked } });
    },
  };
}
