import { ERRORS } from "../../errors.ts";
import { GENERATED, table } from "./markdown.ts";

export function renderErrors(): string {
  const rows = Object.entries(ERRORS).map(([code, { retry, http, text }]) => [
    `<a id="${code}"></a>\`${code}\``,
    retry ? "yes" : "no",
    String(http),
    text,
  ]);
  return `${GENERATED}

# Errors

Every error has a stable code: match that, never the text, which may be reworded. *Retry* says whether the same request may succeed
later, unchanged; *HTTP* is the status of the answer when the error ends a request. Such an answer is \`application/problem+json\` and leads here by its
\`type\`; its \`requestId\`, which is the header \`x-request-id\` as well, stands in the log line of a request that failed.

${table(["code", "retry", "HTTP", "what happened, and what to do"], rows)}

Logs carry the code and, where it helps to find the place, ids and numbers; never tokens, names or texts of people.
`;
}
