import { useLocation } from "preact-iso";
import { withQuery } from "../query.ts";

/** What the page shows is in its address; what a link does not name stays as it is. */
export const useParityPlace = () => {
  const { query } = useLocation();
  return {
    query,
    at: (changes: Readonly<Record<string, string>>): string => withQuery("/console/parity", { ...query, ...changes }),
  };
};
