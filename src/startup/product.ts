// Everything between a customer's token and the product backend: sealing, the secret store, the client and what it has to report.
import type { ActorAddress } from "../../machines/address.ts";
import { addressOf } from "../../machines/address.ts";
import { ticketIdOf } from "../../machines/tell.ts";
import { makeBackendClient } from "../backend/client.ts";
import { makeBackendGate } from "../backend/gate.ts";
import type { BackendClient } from "../backend/ports.ts";
import type { TokenDesk } from "../bot/ports.ts";
import type { Config } from "../config.ts";
import { isAppError } from "../errors.ts";
import { checkWbToken } from "../inputs/wb-token.ts";
import type { RedisClient } from "../redis/connect.ts";
import type { Keys } from "../redis/keys.ts";
import type { Scripts } from "../redis/scripts.ts";
import { makeRedisSecretStore } from "../redis/secret-store.ts";
import { systemClock } from "../redis/shared-clock.ts";
import type { Actors, Clock } from "../runtime/ports.ts";
import { makeKeyRing } from "../sealing/key-ring.ts";
import { makeSealUpdate, type SealUpdate } from "../sealing/seal-update.ts";
import { makeSecretIn } from "../sealing/sealed-text.ts";
import type { Secret } from "../sealing/secret.ts";
import type { Logger } from "../telemetry/logger.ts";
import type { Metrics } from "../telemetry/metrics.ts";

export interface ProductDeps {
  readonly config: Pick<Config, "sealingKeys" | "wbTokens" | "upstreamUrl">;
  /** null: no product is connected. */
  readonly backend: NonNullable<Config["backend"]> | null;
  readonly isDemo: boolean;
  readonly client: RedisClient;
  readonly scripts: Scripts;
  readonly keys: Keys;
  readonly actors: Pick<Actors, "send">;
  readonly clock: Clock;
  /** false while a test clock runs ahead of the time in which a pace is kept. */
  readonly isPaced: boolean;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

export interface Upstream {
  readonly client: BackendClient;
  /** Everything that it says is the reference's, whether it says so or not. */
  readonly isOneSided: boolean;
}

export interface Product {
  readonly seal: SealUpdate;
  readonly tokens: TokenDesk;
  readonly backend: BackendClient | null;
  /**
   * Whom the reference is read from: an address of its own (UPSTREAM_URL), or the backend by a client with a breaker of its own. An
   * upstream in trouble must not hold up those who connect. null: no backend.
   */
  readonly upstream: Upstream | null;
  /** null: gone, or changed by somebody. @throws AppError sealing.unknownKey */
  openSecret(owner: ActorAddress, ref: string): Promise<Secret | null>;
  dropSecret(owner: ActorAddress, ref: string): Promise<void>;
  close(): Promise<void>;
}

const PURPOSE = "wbToken";

export async function openProduct(deps: ProductDeps): Promise<Product> {
  const { config, client, scripts, keys, clock, logger, metrics, isDemo } = deps;
  const ring = makeKeyRing(config.sealingKeys);
  const secrets = makeRedisSecretStore(client, scripts, keys);
  const secretIn = makeSecretIn({
    ring,
    onRefused: (code, userId) =>
      logger.error({ event: "secret.refused", code, userId }, "a sealed text can't be opened"),
  });
  const backend = deps.backend === null ? null : openBackend(deps, deps.backend, keys.backend());
  const upstream = deps.backend === null ? null : openUpstream(deps, deps.backend);
  // A refused credential may have been corrected since.
  await backend?.reopen();

  return {
    seal: makeSealUpdate(ring),
    tokens: {
      secretIn,
      check: (token) => checkWbToken(token.reveal(), { ...config.wbTokens, nowMs: clock.now(), isDemo }),
      keep: (owner, ref, token) => secrets.put(owner, ref, ring.seal(token, { address: owner, purpose: PURPOSE })),
    },
    backend,
    upstream,
    async openSecret(owner, ref) {
      const sealed = await secrets.read(owner, ref);
      if (sealed === null) return null;
      try {
        return ring.open(sealed, { address: owner, purpose: PURPOSE });
      } catch (error) {
        if (!isAppError(error, "sealing.refused") && !isAppError(error, "sealing.unknownKey")) throw error;
        metrics.backgroundErrors.inc({ where: "sealing" });
        logger.error({ event: "secret.refused", code: error.code, owner }, "a customer's secret can't be opened");
        // A key that is missing may come back, or another process has it: that is no reason to give the secret up.
        if (error.code === "sealing.unknownKey") throw error;
        return null;
      }
    },
    dropSecret: (owner, ref) => secrets.drop(owner, ref),
    close: async () => void (await Promise.all([backend?.close(), upstream?.client.close()])),
  };
}

/** The pace is one for all calls to the same backend. */
function openUpstream(deps: ProductDeps, backend: NonNullable<ProductDeps["backend"]>): Upstream {
  const { config, keys } = deps;
  return config.upstreamUrl === undefined
    ? { client: openBackend(deps, backend, keys.backend()), isOneSided: false }
    : {
        client: openBackend(deps, { ...backend, url: config.upstreamUrl }, `${keys.backend()}:upstream`),
        isOneSided: true,
      };
}

function openBackend(
  { client, actors, isPaced, logger, metrics }: ProductDeps,
  { url, adminKey, clientKey }: NonNullable<ProductDeps["backend"]>,
  gatePrefix: string,
): BackendClient {
  return makeBackendClient({
    url,
    adminKey,
    clientKey,
    gate: makeBackendGate(client, gatePrefix, { isPaced }),
    now: systemClock.now,
    random: Math.random,
    observe: ({ call, requestId, status, problem, isReplayed, durationMs }) => {
      metrics.backendSeconds.observe({ call, result: problem ?? "ok" }, durationMs / 1_000);
      logger.debug(
        { event: "backend.call", call, requestId, status, problem, isReplayed, durationMs },
        "backend called",
      );
    },
    onUnauthorized: async ({ credential, call, requestId }) => {
      logger.error(
        { event: "backend.unauthorized", credential, call, requestId },
        "the backend refuses our credential",
      );
      await actors.send(
        addressOf.ticket(ticketIdOf("backend", credential)),
        {
          type: "ticket.opened",
          userId: null,
          subject: "backend",
          about: null,
          detail: `unauthorized ${credential}`,
          messageRef: null,
        },
        { cause: { kind: "system", id: requestId } },
      );
    },
  });
}
