// Bodies as JSON: what is none is told where it breaks, which Fastify keeps to itself.
import type { FastifyInstance } from "fastify";
import { AppError } from "../errors.ts";

/** @param server Takes JSON bodies from here on. @throws AppError http.badRequest, with the place, never with what stands there */
export function takeJson(server: FastifyInstance): void {
  const parse = server.getDefaultJsonParser("error", "error");
  // Fastify takes text as well, and a command sent as text would be refused for its shape instead of its kind.
  server.removeContentTypeParser("text/plain");
  server.addContentTypeParser<string>("application/json", { parseAs: "string" }, (request, text, done) => {
    void parse(request, text, (error, body) => (error ? done(refusalOf(text)) : done(null, body)));
  });
}

function refusalOf(text: string): AppError {
  return new AppError("http.badRequest", { details: { fields: [`body: ${problemOf(text)}`] } });
}

function problemOf(text: string): string {
  if (text === "") return "empty; send JSON";
  const at = whereBroken(text);
  if (at === null) return "__proto__ and constructor.prototype are no names of fields";
  const lines = text.slice(0, at).split("\n");
  return `not valid JSON at line ${lines.length} column ${(lines.at(-1) ?? "").length + 1}`;
}

/** What may come next: a value, a name, or what follows a value; `first`: where the brackets may also be closed at once. */
type Expected = "value" | "firstValue" | "name" | "firstName" | "colon" | "end";

const SPACE = /[ \t\r\n]*/y;
const SCALAR = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/y;

/** Begin of the first token that does not belong, the length of a text that ends too early; null: it is JSON. Messages of `JSON.parse` differ between versions of Node and often name no place. */
function whereBroken(text: string): number | null {
  const open: ("{" | "[")[] = [];
  let expected: Expected = "value";
  let at = /^\uFEFF/.test(text) ? 1 : 0;
  for (;;) {
    at = endOf(SPACE, text, at) ?? at;
    const sign = text[at];
    const inside = open.at(-1);
    if (sign === undefined) return expected === "end" && inside === undefined ? null : at;
    const isValue: boolean = expected === "value" || expected === "firstValue";
    if ((sign === "{" || sign === "[") && isValue) {
      open.push(sign);
      expected = sign === "{" ? "firstName" : "firstValue";
      at += 1;
    } else if (sign === "}" && inside === "{" && (expected === "end" || expected === "firstName")) {
      open.pop();
      expected = "end";
      at += 1;
    } else if (sign === "]" && inside === "[" && (expected === "end" || expected === "firstValue")) {
      open.pop();
      expected = "end";
      at += 1;
    } else if (sign === "," && inside !== undefined && expected === "end") {
      expected = inside === "{" ? "name" : "value";
      at += 1;
    } else if (sign === ":" && expected === "colon") {
      expected = "value";
      at += 1;
    } else {
      const isName: boolean = expected === "name" || expected === "firstName";
      const end: number | null =
        sign === '"' && (isName || isValue) ? endOfString(text, at) : isValue ? endOf(SCALAR, text, at) : null;
      if (end === null) return at;
      expected = isName ? "colon" : "end";
      at = end;
    }
  }
}

function endOf(token: RegExp, text: string, at: number): number | null {
  token.lastIndex = at;
  return token.test(text) ? token.lastIndex : null;
}

const ESCAPE = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y;

function endOfString(text: string, begin: number): number | null {
  for (let at = begin + 1; at < text.length; ) {
    const sign = text[at] ?? "";
    if (sign === '"') return at + 1;
    if (sign < " ") return null;
    const next = sign === "\\" ? endOf(ESCAPE, text, at) : at + 1;
    if (next === null) return null;
    at = next;
  }
  return null;
}
