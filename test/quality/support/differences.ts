// How a result is held against expected.json.
//
// An object names the members that matter: others are not looked at. `{"$only": {…}}`: these members and no others.
// An array stands for the whole array. `{"$has": […]}`: the array has these elements, each found by the `date`, `key`, `level` and
// `group` that it names. Numbers agree within 1e-6, absolute or relative; counts and everything else exactly.

/** Members that are computed with fractions; all other numbers are counts. A member named by a number is a coefficient. */
const FRACTIONS = new Set([
  ...["exact_ratio", "exact_ratio_paired", "coverage", "mae", "bias", "mape", "wape", "numeric_exact_ratio", "coef"],
  ...["pct_nm_continuous", "pct_days_without_holes", "fill_ratio"],
]);
const IDENTITY = ["date", "key", "level", "group"];

type Members = Readonly<Record<string, unknown>>;
const isMembers = (value: unknown): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** One line for each place where `actual` is not as expected; none: it agrees. */
export const differences = (actual: unknown, expected: unknown, path = ""): string[] => {
  const wrong = (what: string): string[] => [`${path}: ${what}`];
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual)) return wrong(`${JSON.stringify(actual)} is no array`);
    if (actual.length !== expected.length) return wrong(`${actual.length} elements, expected ${expected.length}`);
    return expected.flatMap((element, at) => differences(actual[at], element, `${path}[${at}]`));
  }
  if (isMembers(expected)) {
    if (Array.isArray(expected.$has)) {
      return expected.$has.flatMap((element: unknown) => has(actual, element, path));
    }
    if (!isMembers(actual)) return wrong(`${JSON.stringify(actual)} is no object`);
    const only = expected.$only;
    if (isMembers(only)) {
      const more = Object.keys(actual).filter((name) => !(name in only));
      return [...more.flatMap((name) => wrong(`${name} is not expected`)), ...differences(actual, only, path)];
    }
    return Object.entries(expected).flatMap(([name, value]) => differences(actual[name], value, `${path}.${name}`));
  }
  if (typeof expected === "number" && typeof actual === "number" && isFraction(path)) {
    const off = Math.abs(actual - expected);
    return off <= 1e-6 || off <= 1e-6 * Math.abs(expected) ? [] : wrong(`${actual}, expected ${expected}`);
  }
  return actual === expected ? [] : wrong(`${JSON.stringify(actual)}, expected ${JSON.stringify(expected)}`);
};

const has = (actual: unknown, element: unknown, path: string): string[] => {
  if (!Array.isArray(actual) || !isMembers(element)) return [`${path}: nothing to look in`];
  const names = IDENTITY.filter((name) => name in element);
  const found = actual.filter((one: unknown) => isMembers(one) && names.every((name) => one[name] === element[name]));
  const who = `${path}[${names.map((name) => String(element[name])).join(" ")}]`;
  return found.length === 1 ? differences(found[0], element, who) : [`${who}: found ${found.length} times`];
};

const isFraction = (path: string): boolean => {
  const name = path.slice(path.lastIndexOf(".") + 1);
  return FRACTIONS.has(name) || /^\d+$/u.test(name);
};
