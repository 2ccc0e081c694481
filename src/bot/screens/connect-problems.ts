// Why a question of the set-up is asked again.
import type { OnboardingContext } from "../../../machines/onboarding/types.ts";
import type { ProductView } from "../view.ts";
import type { Reader } from "../wording.ts";
import { nested, text } from "./screen.ts";

/** null: nothing is wrong. */
export function problemText(product: ProductView, context: OnboardingContext, reader: Reader): string | null {
  const { problem, isTokenMessageLeft } = context;
  if (problem === null) return null;
  if (problem.startsWith("tokenRefused:"))
    return tokenRefusal(problem.slice("tokenRefused:".length).split(","), isTokenMessageLeft, reader);
  switch (problem) {
    case "spreadsheetClosed":
      return product.robotEmail === null
        ? text(reader, "connect-sheet-closed")
        : text(reader, "connect-sheet-closed-shared", { robot: product.robotEmail });
    case "spreadsheetUnknown":
      return text(reader, "connect-sheet-unknown");
    case "spreadsheetTaken":
      return text(reader, "connect-sheet-taken");
    case "spreadsheetConnected":
      return text(reader, "connect-sheet-connected");
    case "tokenNotActive":
      return text(reader, "connect-token-not-active");
    case "tokenLost":
      return text(reader, "connect-token-lost");
    default:
      return null;
  }
}

/**
 * U7. Reasons as the contract names them: the first that we have words for is told, and of missing scopes all together.
 * @param isMessageLeft the chat still shows the token.
 */
export const tokenRefusal = (reasons: readonly string[], isMessageLeft: boolean, reader: Reader): string =>
  [
    refusalReason(reasons, reader),
    text(reader, isMessageLeft ? "connect-token-left" : "connect-token-deleted"),
    text(reader, "connect-token-issue-new"),
  ].join(" ");

function refusalReason(reasons: readonly string[], reader: Reader): string {
  const scopes = reasons
    .filter((reason) => reason.startsWith("missing_scope:"))
    .map((reason) => reason.slice("missing_scope:".length))
    .filter((scope) => SCOPES.has(scope))
    .map((scope) => nested(reader, `scope-${scope}`).html);
  const other = reasons.find((reason) => TOLD_REASONS.has(reason));
  if (other !== undefined) return text(reader, `connect-token-${other.replaceAll("_", "-")}`);
  return scopes.length > 0
    ? text(reader, "connect-token-scopes", { scopes: scopes.join(", ") })
    : text(reader, "connect-token-refused");
}
const TOLD_REASONS = new Set(["malformed", "expired", "sandbox", "wrong_service", "personal_token"]);
const SCOPES = new Set(["content", "analytics", "prices", "statistics", "promotion"]);
