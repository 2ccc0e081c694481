import type { ActorAddress } from "../../../machines/address.ts";
import type { BackendClient } from "../../backend/ports.ts";
import type { Secret } from "../../sealing/secret.ts";

export interface BackendDeps {
  /** null: the service runs without a product backend. */
  readonly backend: BackendClient | null;
  /** A customer's secret, opened for its owner; null when it is gone or was changed. @throws AppError sealing.unknownKey */
  readonly openSecret: (owner: ActorAddress, ref: string) => Promise<Secret | null>;
}
