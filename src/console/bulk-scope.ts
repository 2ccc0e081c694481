// Whom a command to many actors is meant for.

export type BulkScope =
  | { readonly machine: string; readonly state: string }
  | { readonly addresses: readonly string[] };

/** One address per line, or between spaces and commas; each once. An opaque id may hold a comma, so that only ends one before a space. */
export const addressesIn = (text: string): readonly string[] => [
  ...new Set(
    text
      .split(/\s+/)
      .map((word) => word.replace(/,$/, ""))
      .filter((word) => word !== ""),
  ),
];

export type ScopeProblem = "none" | "noAddress" | "manyMachines";

/** The machine that all of them are of, or why there is none. */
export function machineOf(
  addresses: readonly string[],
): { readonly machine: string } | { readonly problem: ScopeProblem } {
  if (addresses.length === 0) return { problem: "none" };
  if (addresses.some((address) => !/^[a-z]+\/./.test(address))) return { problem: "noAddress" };
  const machines = [...new Set(addresses.map((address) => address.slice(0, address.indexOf("/"))))];
  const [machine] = machines;
  return machines.length === 1 && machine !== undefined ? { machine } : { problem: "manyMachines" };
}
