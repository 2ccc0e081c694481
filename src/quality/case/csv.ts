// CSV by RFC 4180: quotes, doubled quotes, line ends inside quotes; lines end with CRLF, LF or CR, the last one with or without.

export interface CsvRecord {
  readonly fields: readonly string[];
  /** On which it begins, from 1. */
  readonly line: number;
}

/** What breaks the rules, and on which line. */
export class CsvFault extends Error {
  override readonly name = "CsvFault";
  readonly line: number;

  constructor(line: number, rule: string) {
    super(rule);
    this.line = line;
  }
}

const [QUOTE, COMMA, LF, CR] = [0x22, 0x2c, 0x0a, 0x0d];

/** Empty lines are skipped. @throws CsvFault */
export function* readCsv(text: string): Generator<CsvRecord> {
  let at = 0;
  let line = 1;
  while (at < text.length) {
    const begins = line;
    const fields: string[] = [];
    for (;;) {
      const isQuoted = text.charCodeAt(at) === QUOTE;
      const field = isQuoted ? quotedField(text, at, line) : plainField(text, at, line);
      fields.push(field.value);
      at = field.end;
      line += field.lines;
      if (text.charCodeAt(at) !== COMMA) break;
      at += 1;
    }
    if (text.charCodeAt(at) === CR) at += 1;
    if (text.charCodeAt(at) === LF) at += 1;
    line += 1;
    if (fields.length > 1 || fields[0] !== "") yield { fields, line: begins };
  }
}

interface Field {
  readonly value: string;
  /** Where the comma or the line's end after it stands. */
  readonly end: number;
  /** Line ends inside. */
  readonly lines: number;
}

function plainField(text: string, start: number, line: number): Field {
  let end = start;
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (code === COMMA || code === LF || code === CR) break;
    if (code === QUOTE) throw new CsvFault(line, "a quote stands inside a field that is not quoted");
  }
  return { value: text.slice(start, end), end, lines: 0 };
}

function quotedField(text: string, start: number, line: number): Field {
  let value = "";
  let from = start + 1;
  for (;;) {
    const quote = text.indexOf('"', from);
    if (quote < 0) throw new CsvFault(line, "a quote is opened and never closed");
    value += text.slice(from, quote);
    from = quote + 1;
    if (text.charCodeAt(from) !== QUOTE) break;
    value += '"';
    from += 1;
  }
  const lines = value.match(/\r\n|\n|\r/g)?.length ?? 0;
  const next = text.charCodeAt(from);
  if (from < text.length && next !== COMMA && next !== LF && next !== CR)
    throw new CsvFault(line + lines, "after a closing quote only a comma or the line's end may follow");
  return { value, end: from, lines };
}
