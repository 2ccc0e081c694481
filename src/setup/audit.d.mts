/** What one check of `npm run audit` says. */
export function verdictOf(status: number | null, output: string): "fine" | "found" | "unanswered";
