// Values that no schema expects, and changes to values that one does: made as data, so that a seed makes the same again.
import fc from "fast-check";

const LONG = 20_000;
const DEEP = 500;

const deep = (depth: number): unknown => {
  let value: unknown = "bottom";
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { v: value };
  return value;
};

/** Texts that break what is written carelessly: markup, controls, halves of pairs, directions, paths, scripts, query languages. */
const AWKWARD_TEXTS = [
  "",
  " ",
  "\u0000",
  "\ud800",
  "\udfff\ud800",
  "\u202egnp.exe",
  "e\u0301".repeat(200),
  "👩‍👩‍👧‍👦".repeat(50),
  "<b>x</i>&lt;&amp;<script>alert(1)</script>",
  '"};process.exit(1);//',
  "{{7*7}}%s%n%x",
  "../../../../etc/passwd",
  "..%2f..%2f",
  "'; FLUSHALL; --",
  "\r\nEVAL return 1 0\r\n",
  "\r\nset-cookie: a=b",
  "__proto__",
  "constructor",
  "hasOwnProperty",
  "toString",
  "NaN",
  "-0",
  "1e999",
  "0x7fffffff",
  "9007199254740993",
  "*",
  "[a-",
  "(a+)+$",
  "a|b~c:d",
  "null",
  "/start",
  "/connect@somebot",
  "=cmd|'/c calc'!A1",
  "x".repeat(4_097),
  "я".repeat(LONG),
] as const;

const AWKWARD_NUMBERS = [
  0,
  -1,
  1,
  -0,
  0.5,
  1e-7,
  2 ** 31,
  2 ** 32,
  2 ** 53,
  -(2 ** 53),
  1e21,
  1e308,
  253_402_300_800,
  8.64e15,
  8.64e15 + 1,
] as const;

/** Any text: awkward ones, and random ones of any script. */
export const oddText = (): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...AWKWARD_TEXTS) },
    { weight: 2, arbitrary: fc.string({ unit: "binary", maxLength: 60 }) },
    { weight: 1, arbitrary: fc.string({ unit: "grapheme", maxLength: 60 }) },
  );

const numbers = (): fc.Arbitrary<number> => fc.oneof(fc.constantFrom(...AWKWARD_NUMBERS), fc.double({ noNaN: true }));

/** Any JSON value. */
export const oddValue = (): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 4, arbitrary: oddText() },
    { weight: 4, arbitrary: numbers() },
    { weight: 2, arbitrary: fc.constantFrom<unknown>(null, true, false, [], {}, [[]], [null], { length: -1 }) },
    { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
    { weight: 1, arbitrary: fc.constantFrom(3, 30, DEEP).map(deep) },
    {
      weight: 1,
      arbitrary: fc.constantFrom("toJSON", "then", "constructor", "valueOf").map((name) => ({ [name]: { [name]: 1 } })),
    },
  );

interface Change {
  /** Which place of the value, counted from 0 over all places; taken modulo their number. */
  readonly place: number;
  readonly how: "replace" | "remove" | "rename" | "wrap" | "repeat" | "add";
  readonly value: unknown;
}

const change = (): fc.Arbitrary<Change> =>
  fc.record({
    place: fc.nat({ max: 10_000 }),
    how: fc.constantFrom<Change["how"]>("replace", "replace", "replace", "remove", "rename", "wrap", "repeat", "add"),
    value: oddValue(),
  });

/** A copy of a value with a few changes anywhere in it; often none. */
export const mutated = (base: fc.Arbitrary<unknown>, most = 3): fc.Arbitrary<unknown> =>
  fc.tuple(base, fc.array(change(), { maxLength: most })).map(([value, changes]) => changes.reduce(apply, value));

type Container = Record<string, unknown> | unknown[];
const isContainer = (value: unknown): value is Container => typeof value === "object" && value !== null;

function apply(root: unknown, { place, how, value }: Change): unknown {
  const copy = structuredClone(root);
  const places: { readonly holder: Container; readonly key: string }[] = [];
  const walk = (holder: unknown, depth: number): void => {
    if (!isContainer(holder) || depth > 20) return;
    for (const key of Object.keys(holder)) {
      places.push({ holder, key });
      walk((holder as Record<string, unknown>)[key], depth + 1);
    }
  };
  walk(copy, 0);
  const at = places[place % Math.max(1, places.length)];
  if (at === undefined) return value;
  const holder = at.holder as Record<string, unknown>;
  const before = holder[at.key];
  switch (how) {
    case "replace":
      holder[at.key] = value;
      break;
    case "remove":
      delete holder[at.key];
      break;
    case "rename":
      delete holder[at.key];
      holder[`${at.key} `] = before;
      break;
    case "wrap":
      holder[at.key] = [before];
      break;
    case "repeat":
      holder[at.key] = Array.from({ length: 50 }, () => before);
      break;
    case "add":
      // As a parser would: an own member by that name, no change of the prototype.
      Object.defineProperty(holder, typeof value === "string" ? value : "extra", {
        ...{ value, enumerable: true, configurable: true, writable: true },
      });
      break;
    default:
      how satisfies never;
  }
  return copy;
}
