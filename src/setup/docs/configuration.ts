import { z } from "zod";
import { Env } from "../../environment.ts";
import { EXIT_CODES } from "../../exit-codes.ts";
import { PlansFile } from "../../plans.ts";
import { DEFAULT_POLICIES } from "../../policies.ts";
import { SECRET_NAMES } from "../../secret-files.ts";
import { GENERATED, table } from "./markdown.ts";

const EXIT_MEANINGS: Record<keyof typeof EXIT_CODES, string> = {
  stopped: "stopped as asked",
  crashed: "crashed, or the address to listen on cannot be had (`PORT`, `HOST`)",
  configRefused: "configuration refused, a webhook that Telegram refuses included; every problem is listed",
  serverUnusable: "a needed server (Redis, Telegram) is unreachable or unsafe",
};

export function renderConfiguration(): string {
  const exitRows = Object.entries(EXIT_CODES).map(([name, code]) => [
    String(code),
    EXIT_MEANINGS[name as keyof typeof EXIT_CODES],
  ]);
  return `${GENERATED}

# Configuration

The service is configured by environment variables and one plans file. Both are checked as a whole at the start: every problem is listed
at once, by name and reason, never with a value. A variable that is empty counts as unset.

## Environment

${table(["variable", "meaning", "when unset"], environmentRows())}

Set for the start scripts only: \`REDIS_SERVER_BIN\`, the redis-server or valkey-server (7.0 or newer) to use as the embedded one; otherwise
it is looked for on PATH and in \`.cache/redis\`, and fetched there from the machine's own Debian or Ubuntu mirror as a last resort.

Secrets may be given as files, as Docker's and systemd's are: each of ${SECRET_NAMES.map((name) => code(`${name}_FILE`)).join(", ")}
names a file that holds what the variable without \`_FILE\` would. White space around it is dropped, and an empty file counts as unset. Both forms
of one variable, or a file that cannot be read, stop the start. The files are read once: after a change restart the service.

Rules between variables:

- \`SEALING_KEYS\` is required with \`BOT_TOKEN\`; \`WEBHOOK_SECRET\` with \`WEBHOOK_URL\`; \`BACKEND_URL\` and \`BACKEND_ADMIN_KEY\` go together;
  \`REDIS_PASSWORD\` needs a \`REDIS_URL\` without one.
- \`WEBHOOK_URL\` and \`TELEGRAM_API_ROOT\` need \`BOT_TOKEN\`: the sandbox would silently take the place of a real bot.
- With Telegram's own API, \`CLOCK=test\` is refused and \`WEBHOOK_URL\` must be https on port 443, 80, 88 or 8443.
- \`ROLE=web\` and \`ROLE=worker\` need \`REDIS_URL\`: the embedded Redis serves one process.

## Exit codes

${table(["code", "meaning"], exitRows)}

## Plans file

YAML or JSON, named by \`PLANS_FILE\`; \`src/sample-plans.yaml\` is the built-in sample to start from. Unknown keys are refused and cross
references checked. It can be reloaded without a restart; a file with problems changes nothing. A subscriber stays on the version of the
plan that was bought: price, period, chats, policies.

${table(["key", "meaning", "default"], plansRows())}

Without \`rollout\` the service is open to everybody. How to open it step by step: [operations](operations.md#roll-out-step-by-step).

Lengths are seconds. \`products\` and \`plans\` are lists; \`[]\` stands for each entry. Limits of Telegram that are checked: a renewing plan
(\`recurring: true\`) is paid in Stars, costs at most 10000 of them and lasts exactly 2592000 seconds (with another \`TELEGRAM_API_ROOT\`, and
in the sandbox, any length from 5 seconds); a plan for life cannot renew; other currencies are paid period by period and need
\`price.providerToken\`.
`;
}

const environmentRows = (): string[][] =>
  Object.entries(Env.shape).map(([name, schema]) => {
    const { description = "", unset } = schema.meta() as { description?: string; unset?: string };
    return [`\`${name}\``, description, unset ?? code(schema.parse(undefined))];
  });

/** The part of JSON Schema that our schemas turn into. */
interface JsonSchema {
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly enum?: readonly unknown[];
}

function plansRows(): string[][] {
  const schema = z.toJSONSchema(PlansFile, { io: "input", unrepresentable: "any" }) as JsonSchema;
  return rowsOf(schema, "", true).map(({ key, meaning, fallback }) => [`\`${key}\``, meaning, fallback]);
}

interface Row {
  readonly key: string;
  readonly meaning: string;
  readonly fallback: string;
}

function rowsOf(schema: JsonSchema, key: string, isRequired: boolean): Row[] {
  // A described value is one row; an undescribed group, or list of groups, is as many as it has members.
  if (schema.description !== undefined)
    return [{ key, meaning: schema.description + choices(schema), fallback: fallbackOf(schema, key, isRequired) }];
  const group = schema.items ?? schema;
  const prefix = schema.items ? `${key}[]` : key;
  return Object.entries(group.properties ?? {}).flatMap(([name, member]) =>
    rowsOf(member, prefix === "" ? name : `${prefix}.${name}`, group.required?.includes(name) ?? false),
  );
}

const choices = ({ enum: values, items }: JsonSchema): string => {
  const all = values ?? items?.enum;
  return all ? ` (${all.map((value) => `\`${value}\``).join(", ")})` : "";
};

function fallbackOf({ default: value }: JsonSchema, key: string, isRequired: boolean): string {
  if (value !== undefined) return code(value);
  const policy = policyDefault(key);
  if (policy !== undefined) return code(policy);
  return isRequired ? "required" : "—";
}

/** `policies.graceSeconds.prepaid` → 259200 */
function policyDefault(key: string): unknown {
  const [root, ...path] = key.split(".");
  if (root !== "policies") return undefined;
  return path.reduce<unknown>(
    (value, name) => (value as Record<string, unknown> | undefined)?.[name],
    DEFAULT_POLICIES,
  );
}

const code = (value: unknown): string => `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;
