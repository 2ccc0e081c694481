import { REFRESH_MERGED_MS } from "../../../backend/contract/limits.ts";
import { spreadsheetIdOf } from "../../../backend/contract/primitives.ts";
import { UpdateRequest } from "../../../backend/contract/spreadsheet.ts";
import { Refusal } from "../errors.ts";
import { CHECKLIST, UNIMPLEMENTED_DATASETS } from "../world/world.ts";
import { type Call, parse, visibleSpreadsheet } from "./call.ts";

/** How long a refresh takes, by the virtual clock. Unit: milliseconds. */
const REFRESH_MS = 5_000;

/** POST /ss/datasets/update: the request is taken; data come from collections. Repeats within a minute are one refresh. */
export const updateDatasets: Call = (body, context) => {
  const request = parse(UpdateRequest, body);
  const { id } = visibleSpreadsheet(context, spreadsheetIdOf(request));
  const name = request.dataset?.name ?? null;
  const accepted = {
    success: true,
    message: "accepted",
    spreadsheet_id: id,
    dataset: name,
    values: request.dataset?.values ?? {},
  };
  if (name !== null && UNIMPLEMENTED_DATASETS.includes(name))
    return { status: 200, body: { ...accepted, job_id: null, warning: `Dataset ${name} is not implemented.` } };
  if (name !== null && name !== CHECKLIST) throw new Refusal("unsupported_dataset", { details: { dataset: name } });
  const refresh = context.world.refresh(id, name, context.now(), REFRESH_MERGED_MS, REFRESH_MS);
  context.effect({
    kind: refresh.isMerged ? "refresh_merged" : "refresh_started",
    spreadsheet_id: id,
    job_id: refresh.jobId,
  });
  return { status: 200, body: { ...accepted, job_id: context.profile.keepsJobs ? refresh.jobId : null } };
};
