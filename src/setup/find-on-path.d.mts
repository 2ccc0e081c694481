/** @returns the first executable file of that name on PATH */
export function findOnPath(name: string, env: Readonly<Record<string, string | undefined>>): string | undefined;
