import { LOG_FIELDS, LOG_FORMS } from "../../telemetry/log-fields.ts";
import { GENERATED, table } from "./markdown.ts";

export function renderLogging(): string {
  const forms = Object.entries(LOG_FORMS).map(([form, what]) => [`\`${form}\``, what]);
  const fields = Object.entries(LOG_FIELDS)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { form, what }]) => [`\`${name}\``, `\`${form}\``, what]);
  return `${GENERATED}

# Logs

JSON lines on stdout, one per event: \`level\`, \`time\` (epoch ms), \`msg\` (a sentence of ours, at most 600 characters) and fields of this list. A
line holds nothing else: a field that is not listed, or has another form than its row says, is left out. The line then says how many were
(\`fieldsDropped\`): that is a mistake in the code, and loses nothing but the field. So neither an update, a request, an
answer of a backend nor the environment can get into a log by being handed to it as a whole.

Of an error stay its name, its code, details from this list, names and codes of its causes, and where in the code it was thrown. Its message stays
where it is known to speak of the program: errors of this service, \`TypeError\`, \`ReferenceError\`, the system's (call and code), Telegram's reason. Others quote
what they were given.

Besides, every line is masked as a whole: bot tokens, JSON web tokens, and every secret of this installation (\`BOT_TOKEN\`, \`WEBHOOK_SECRET\`, passwords of Redis,
credentials of the backend, sealing keys, providers' tokens) become \`[secret]\`.

What stays personal in a log is the Telegram id of a person: keep logs no longer than you need them (30 days will do), for an erasure does not reach them.

## Forms

${table(["form", "what it may look like"], forms)}

## Fields

${table(["field", "form", "what"], fields)}
`;
}
