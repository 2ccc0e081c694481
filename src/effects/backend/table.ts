import type { InvocationTable } from "../table.ts";
import { makeAddToken } from "./add-token.ts";
import type { BackendDeps } from "./deps.ts";
import { makeReadJob } from "./read-job.ts";
import { makeReadRows } from "./read-rows.ts";
import { makeRegisterSpreadsheet } from "./register-spreadsheet.ts";
import { makeRequestRefresh } from "./request-refresh.ts";
import { makeSetDatasetSource } from "./set-dataset-source.ts";
import { makeStartCollection } from "./start-collection.ts";
import { makeVerifyToken } from "./verify-token.ts";

/** Everything that is carried out at the product backend. */
export const makeBackendExecutors = (deps: BackendDeps) =>
  ({
    registerSpreadsheet: makeRegisterSpreadsheet(deps),
    addToken: makeAddToken(deps),
    verifyToken: makeVerifyToken(deps),
    requestRefresh: makeRequestRefresh(deps),
    startCollection: makeStartCollection(deps),
    readJob: makeReadJob(deps),
    readRows: makeReadRows(deps),
    setDatasetSource: makeSetDatasetSource(deps),
  }) satisfies Partial<InvocationTable>;
