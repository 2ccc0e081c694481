// Where a text stops being JSON: JSON.parse says so of some faults only, and quotes the file in its messages.

const TOKEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: JSON has none inside a string.
  /[ \t\n\r]*(?:([{}[\],:])|("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*")|(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-]))/y;

type Expected = "value" | "value or ]" | "key" | "key or }" | "colon" | "comma or end" | "nothing";

/** @returns line from 1 of the first token that may not stand there; the last line when something is missing at the end */
export function lineOfJsonFault(text: string): number {
  const pattern = new RegExp(TOKEN);
  const open: string[] = [];
  let expected: Expected | null = "value";
  let at = 0;
  while (expected !== null) {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (!found) break;
    const [token, mark, string] = found;
    expected = after(expected, mark ?? (string === undefined ? "literal" : "string"), open);
    if (expected !== null) at += token.length;
  }
  const rest = text.slice(at);
  return text.slice(0, at + rest.length - rest.trimStart().length).split("\n").length;
}

/** @param open brackets that are not closed yet; changed. @returns null: the token may not stand there */
function after(expected: Expected, token: string, open: string[]): Expected | null {
  const isValuePlace = expected === "value" || expected === "value or ]";
  const closed = (): Expected => {
    open.pop();
    return open.length === 0 ? "nothing" : "comma or end";
  };
  switch (token) {
    case "{":
    case "[":
      if (!isValuePlace) return null;
      open.push(token);
      return token === "{" ? "key or }" : "value or ]";
    case "}":
      return open.at(-1) === "{" && (expected === "key or }" || expected === "comma or end") ? closed() : null;
    case "]":
      return open.at(-1) === "[" && (expected === "value or ]" || expected === "comma or end") ? closed() : null;
    case ",":
      if (expected !== "comma or end") return null;
      return open.at(-1) === "{" ? "key" : "value";
    case ":":
      return expected === "colon" ? "value" : null;
    default:
      if (token === "string" && (expected === "key" || expected === "key or }")) return "colon";
      if (!isValuePlace) return null;
      return open.length === 0 ? "nothing" : "comma or end";
  }
}
