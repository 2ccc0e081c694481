// `npm run audit`: known holes in the packages that the service runs with, and whether they are what their authors signed. Asks the registry; one that
// cannot answer is said to be one, which is neither good news nor bad.
import { spawnSync } from "node:child_process";

const CHECKS = [
  { name: "advisories", args: ["audit", "--omit=dev", "--loglevel=warn"] },
  { name: "signatures", args: ["audit", "signatures", "--loglevel=warn"] },
];
/** How npm says that it was not answered, as opposed to what it found. */
const NO_ANSWER =
  /endpoint returned an error|not (?:implemented|supported)|\bE?40[0-9]\b|\bE?50[0-9]\b|ENOTFOUND|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN|ENOAUDIT|no dependencies to audit|no registry keys|found no installed dependencies/i;

/** @returns {"fine" | "found" | "unanswered"} what one check says. @param {number | null} status @param {string} output */
export function verdictOf(status, output) {
  if (output === "") return "unanswered";
  if (status === 0) return NO_ANSWER.test(output) ? "unanswered" : "fine";
  return NO_ANSWER.test(output) &&
    !/vulnerabilit|invalid (?:registry )?signature|missing (?:registry )?signature/i.test(output)
    ? "unanswered"
    : "found";
}

function main() {
  const verdicts = CHECKS.map(({ name, args }) => {
    const { status, stdout, stderr } = spawnSync("npm", args, {
      encoding: "utf8",
      shell: process.platform === "win32",
    });
    const output = `${stdout}${stderr}`.trim();
    const verdict = verdictOf(status, output);
    process.stdout.write(
      `== ${name}: ${verdict === "unanswered" ? "THE REGISTRY DID NOT ANSWER" : verdict}\n${output}\n\n`,
    );
    return verdict;
  });
  if (verdicts.includes("found")) process.exitCode = 1;
  else if (verdicts.includes("unanswered")) {
    process.stdout.write("Nothing is known: ask a registry that answers audits, with npm_config_registry=https://…\n");
    process.exitCode = 2;
  }
}

if (process.argv[1] === import.meta.filename) main();
