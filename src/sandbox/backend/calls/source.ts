import { SetSourceRequest } from "../../../backend/contract/admin.ts";
import { Refusal } from "../errors.ts";
import { CHECKLIST } from "../world/world.ts";
import { type Call, parse, registeredSpreadsheet } from "./call.ts";

/** POST /admin/datasets/source: in force for the next `auto` read. */
export const setDatasetSource: Call = (body, context) => {
  const request = parse(SetSourceRequest, body);
  const { id } = registeredSpreadsheet(context, request.spreadsheet_id);
  if (request.dataset !== CHECKLIST) throw new Refusal("dataset_not_found", { details: { dataset: request.dataset } });
  const verdict = context.world.decisions.decide({
    spreadsheetId: id,
    dataset: request.dataset,
    source: request.source,
    reason: request.reason ?? null,
    decisionId: request.decision_id,
    decidedAt: Date.parse(request.decided_at),
  });
  if (verdict.kind === "stale") throw new Refusal("stale_decision");
  if (verdict.kind === "contradiction")
    throw new Refusal("idempotency_conflict", { message: "This decision_id is in force with another content." });
  const { dataset, source, decision_id } = request;
  if (verdict.isNew)
    context.effect({
      kind: "source_decided",
      spreadsheet_id: id,
      dataset,
      source,
      decision_id,
      changed: verdict.changed,
    });
  return {
    status: 200,
    body: { success: true, result: { spreadsheet_id: id, dataset, source, decision_id, changed: verdict.changed } },
  };
};
