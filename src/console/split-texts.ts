// While the pages are built, their texts are taken out of the scripts into one file per language: a reader loads their own only.
import { createHash } from "node:crypto";
import type { Plugin } from "vite";

/** The pieces of a syntax tree that are looked at here (ESTree). */
interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

type Texts = Readonly<Record<string, string>>;
const LANGUAGES = ["en", "ru"] as const;
/** Where the names of the files go: `words.ts` has these as its own text. */
const PLACE = { en: "__TEXTS_EN__", ru: "__TEXTS_RU__" } as const;

export function splitTexts(): Plugin {
  const known = { en: new Map<string, Texts>(), ru: new Map<string, Texts>() };
  const content = (language: (typeof LANGUAGES)[number]): string =>
    JSON.stringify(Object.fromEntries([...known[language]].sort(([one], [other]) => (one < other ? -1 : 1))));
  const fileOf = (language: (typeof LANGUAGES)[number]): string =>
    `assets/texts-${language}-${createHash("sha256").update(content(language)).digest("base64url").slice(0, 8)}.json`;
  return {
    name: "split-texts",
    apply: "build",
    // After the types are gone: what is left is what a browser would read.
    transform(code, id) {
      if (!id.includes("/console/") || id.endsWith("/console/words.ts")) return null;
      if (!code.includes("words(")) return null;
      let result = code;
      let count = 0;
      for (const call of callsOf(this.parse(code) as unknown as Node).reverse()) {
        const [argument] = call.arguments as readonly Node[];
        const both = argument && textsIn(argument);
        if (!argument || !both) continue;
        const key = `${id.slice(id.lastIndexOf("/console/") + 9)}#${count++}`;
        const short = createHash("sha256").update(key).digest("base64url").slice(0, 5);
        for (const language of LANGUAGES) known[language].set(short, both[language]);
        result = `${result.slice(0, argument.start)}${JSON.stringify(short)}${result.slice(argument.end)}`;
      }
      return count === 0 ? null : { code: result, map: null };
    },
    // Before the names of the scripts are made from what is in them.
    renderChunk(code) {
      let result = code;
      for (const language of LANGUAGES) result = result.replaceAll(PLACE[language], `/console/${fileOf(language)}`);
      return result === code ? null : { code: result, map: null };
    },
    generateBundle() {
      for (const language of LANGUAGES)
        this.emitFile({ type: "asset", fileName: fileOf(language), source: content(language) });
    },
  };
}

/** Calls of `words`, in the order of the file. */
function callsOf(tree: Node): Node[] {
  const found: Node[] = [];
  const look = (value: unknown): void => {
    if (Array.isArray(value)) for (const one of value) look(one);
    else if (typeof value === "object" && value !== null && "type" in value) {
      const node = value as Node;
      const callee = node.callee as Node | undefined;
      if (node.type === "CallExpression" && callee?.type === "Identifier" && callee.name === "words") found.push(node);
      for (const field of Object.values(node)) look(field);
    }
  };
  look(tree);
  return found.sort((one, other) => one.start - other.start);
}

/** @returns null for what is no object of texts in both languages: it stays where it is */
function textsIn(argument: Node): Readonly<Record<"en" | "ru", Texts>> | null {
  const languages = propertiesOf(argument);
  const [en, ru] = [textsOf(languages?.en), textsOf(languages?.ru)];
  return en && ru ? { en, ru } : null;
}

function textsOf(node: Node | undefined): Texts | null {
  const properties = node && propertiesOf(node);
  if (!properties) return null;
  const texts: Record<string, string> = {};
  for (const [name, value] of Object.entries(properties)) {
    const text = textOf(value);
    if (text === null) return null;
    texts[name] = text;
  }
  return texts;
}

function textOf(node: Node): string | null {
  if (node.type === "Literal" && typeof node.value === "string") return node.value;
  const [quasi, ...more] = (node.type === "TemplateLiteral" ? node.quasis : []) as readonly {
    readonly value: { readonly cooked: string };
  }[];
  return quasi && more.length === 0 ? quasi.value.cooked : null;
}

function propertiesOf(node: Node): Readonly<Record<string, Node>> | null {
  if (node.type !== "ObjectExpression") return null;
  const properties: Record<string, Node> = {};
  for (const property of node.properties as readonly Node[]) {
    const key = property.key as Node | undefined;
    if (property.type !== "Property" || property.computed === true || !key) return null;
    properties[String(key.type === "Identifier" ? key.name : key.value)] = property.value as Node;
  }
  return properties;
}
