import type { Option } from "./parts/filters.tsx";
import { useResource } from "./resource.ts";

/** The states of a machine that anybody is in, each with how many. @param machine "": none */
export function useStates(machine: string): readonly Option[] {
  const counted = useResource<{ readonly states: Readonly<Record<string, number>> }>(
    machine === "" ? null : `/api/v1/machines/${machine}/states`,
  );
  return Object.entries(counted.data?.states ?? {})
    .sort(([one], [other]) => one.localeCompare(other))
    .map(([value, count]) => ({ value, label: `${value} (${count})` }));
}
