import type { Overview } from "../../support/answers/operations.ts";
import { Loaded } from "../parts/feedback.tsx";
import { useResource } from "../resource.ts";

export function OverviewPage() {
  const overview = useResource<Overview>("/api/v1/overview");
  return <Loaded resource={overview}>{({ needs }) => <p>{needs.length}</p>}</Loaded>;
}
