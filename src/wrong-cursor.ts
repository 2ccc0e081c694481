import { AppError } from "./errors.ts";

/** A cursor comes back through callers' hands. One of another list, or of other filters, would leave rows out without a word. */
export const wrongCursor = (): AppError =>
  new AppError("http.badRequest", {
    details: { fields: ["query: cursor: not one of this list; leave it out to begin with the first page"] },
  });
