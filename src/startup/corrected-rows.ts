// Our own rows as the gateway serves them: with the corrections in use.
import { type ActorAddress, addressOf } from "../../machines/address.ts";
import { correctedKeys } from "../../machines/dataset/policy.ts";
import type { DatasetContext } from "../../machines/dataset/types.ts";
import type { LocalRows } from "../gateway/ports.ts";
import { correctRows } from "../quality/calibration/correct-rows.ts";
import type { CalibrationBook } from "../quality/calibration/ports.ts";
import { type ResolvedParity, settingsOf } from "../quality/settings.ts";
import type { Actors } from "../runtime/ports.ts";
import { lookAt } from "../support/look.ts";

/** null: nobody has judged it, or its actor was set aside; rows are served all the same. @throws AppError redis.unreachable */
export async function gateContext(actors: Pick<Actors, "read">, address: ActorAddress): Promise<DatasetContext | null> {
  return ((await lookAt(actors, address))?.context ?? null) as unknown as DatasetContext | null;
}

/** Our own rows with the corrections in use; as they are where there are none, or none can be read. */
export const correctedRows = (
  local: LocalRows,
  {
    actors,
    calibration,
    settings,
  }: {
    readonly actors: Pick<Actors, "read">;
    readonly calibration: Pick<CalibrationBook, "coefficients">;
    readonly settings: () => ResolvedParity;
  },
): LocalRows => ({
  async read(scope, window) {
    const answer = await local.read(scope, window);
    if (answer === null) return null;
    const context = await gateContext(actors, addressOf.dataset(scope.dataset, scope.spreadsheetId));
    const set = context?.corrections?.set;
    if (context === null || set === undefined) return answer;
    const coefficients = await calibration.coefficients(scope, set);
    if (coefficients === null) return answer;
    const inUse = { id: set, set: coefficients, keys: correctedKeys(context) };
    return { ...answer, rows: correctRows(answer.rows, settingsOf(settings(), scope.spreadsheetId).keys, inUse) };
  },
});
