import type { InvocationExecutor } from "../executor.ts";
import { askBackend, metaOf } from "./calls.ts";
import type { BackendDeps } from "./deps.ts";

/** Reads only. */
export const makeReadJob =
  (deps: BackendDeps): InvocationExecutor<"readJob"> =>
  ({ jobId }, run) =>
    askBackend<"readJob">(
      deps,
      async (backend) => {
        const { state } = await backend.getJob({ jobId }, metaOf(run));
        return { state: state === "queued" ? "running" : state };
      },
      {
        "backend.jobNotFound": () => ({ state: "gone" }),
        "backend.notFound": () => ({ state: "gone" }),
      },
    );
