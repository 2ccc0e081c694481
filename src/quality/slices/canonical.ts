// The bytes that a seal stands for (contract 1.5): the same rows give the same bytes, whoever writes them and in whatever order.
import { createHash } from "node:crypto";
import type { Row } from "../model.ts";

/**
 * One JSON object a row, by nm_id, each line ended: `nm_id` first, then the keys in alphabetical order; missing is null. JSON writes
 * a number in the shortest form that reads back to the same double.
 * @param keys what the rows' values stand for, in their order.
 */
export function canonicalText(rows: readonly Row[], keys: readonly string[]): string {
  const order = keys.map((key, place) => ({ key, place })).sort((a, b) => (a.key < b.key ? -1 : 1));
  const heads = order.map(({ key }) => `,${JSON.stringify(key)}:`);
  const lines = [...rows]
    .sort((a, b) => a.nmId - b.nmId)
    .map(({ nmId, values }) => {
      const members = order.map(({ place }, index) => `${heads[index]}${JSON.stringify(values[place] ?? null)}`);
      return `{"nm_id":${nmId}${members.join("")}}\n`;
    });
  return lines.join("");
}

/** SHA-256 in lower-case hex. */
export const sealOf = (rows: readonly Row[], keys: readonly string[]): string =>
  createHash("sha256").update(canonicalText(rows, keys), "utf8").digest("hex");
