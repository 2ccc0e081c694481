import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { Secret } from "../../src/sealing/secret.ts";
import { makeLogger } from "../../src/telemetry/logger.ts";

const VALUE = "the-token-itself-0123456789";
const secret = new Secret(VALUE);

describe("a secret", () => {
  it.each<readonly [string, () => string]>([
    ["as a string", () => String(secret)],
    ["in a template", () => `${secret}`],
    ["added to a text", () => `x${secret as unknown as string}`],
    ["as JSON", () => JSON.stringify({ secret, list: [secret] })],
    ["inspected", () => inspect(secret)],
    ["inspected deeply, with all that is hidden", () => inspect({ a: [{ secret }] }, { showHidden: true, depth: 9 })],
    [
      "by its fields",
      () => JSON.stringify([Object.entries(secret), { ...secret }, Object.getOwnPropertyNames(secret)]),
    ],
    ["in an error", () => inspect(new Error("x", { cause: { secret } }))],
  ])("does not show itself %s", (_how, print) => {
    expect(print()).not.toContain(VALUE.slice(0, 8));
  });
  it("says what stands in its place", () => {
    expect([String(secret), JSON.stringify(secret), inspect(secret)]).toEqual(["[secret]", '"[secret]"', "[secret]"]);
  });
  it("does not show itself in a log", () => {
    const lines: string[] = [];
    const logger = makeLogger({ level: "info", destination: { write: (line) => void lines.push(line) } });
    const fields: Record<string, unknown> = { reason: String(secret), secret, details: { secret } };
    logger.info(fields, `seen ${secret}`);
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toContain(VALUE);
    expect(lines[0]).toContain("[secret]");
  });
  it("is revealed to whoever asks for it", () => {
    expect(secret.reveal()).toBe(VALUE);
  });
});
