import { GrammyError, HttpError } from "grammy";
import { describe, expect, it } from "vitest";
import { makeNotifyCustomer } from "../../src/effects/notify-customer.ts";
import { makeNotifyStaff } from "../../src/effects/notify-staff.ts";
import type { Messenger } from "../../src/effects/ports.ts";
import type { Pacer } from "../../src/effects/telegram/pacer.ts";
import { AppError } from "../../src/errors.ts";

const effect = { kind: "notifyCustomer", userId: 7, notice: "refund.failed", product: null, params: {} } as const;
const run = { effectId: "payment/c|2|0", attempt: 1, signal: new AbortController().signal };
const refusal = (error_code: number, description: string, retry_after?: number) =>
  new GrammyError(
    "m",
    { ok: false, error_code, description, parameters: retry_after === undefined ? {} : { retry_after } },
    "sendMessage",
    { text: "private" },
  );

const setUp = (answer: () => Promise<"sent" | "outdated" | "blocked" | "neverStarted">, pace: Partial<Pacer> = {}) => {
  const sent: string[] = [];
  const slowed: number[] = [];
  const gates: (string | null)[] = [];
  const messenger: Messenger = {
    notifyCustomer: (_effect, effectId) => {
      sent.push(effectId);
      return answer();
    },
    notifyStaff: async () => {
      await answer();
      return "sent";
    },
    notifyErased: () => answer(),
  };
  const pacer: Pacer = {
    acquire: async () => ({ ok: true }),
    slowDown: async (chat, ms) => {
      slowed.push(ms);
      gates.push(chat);
    },
    ...pace,
  };
  return {
    sent,
    slowed,
    gates,
    customer: makeNotifyCustomer({ messenger, pacer }),
    staff: makeNotifyStaff({ messenger, pacer }),
  };
};

describe("telling a customer", () => {
  it.each(["sent", "outdated", "blocked", "neverStarted"] as const)("is done when it is %s", async (delivery) => {
    const { customer, sent } = setUp(async () => delivery);
    await customer(effect, run);
    expect(sent).toEqual([run.effectId]);
  });

  it("waits for its turn before anything is sent", async () => {
    const { customer, sent } = setUp(async () => "sent", { acquire: async () => ({ ok: false, retryInMs: 250 }) });
    await expect(customer(effect, run)).rejects.toMatchObject({ name: "RetryLater", retryInMs: 250 });
    expect(sent).toEqual([]);
  });

  it.each([
    [
      "a 429 is waited out, and tells the others",
      () => refusal(429, "Too Many Requests: retry after 3", 3),
      { name: "RetryLater", retryInMs: 3_000 },
    ],
    ["a 502 is tried again", () => refusal(502, "Bad Gateway"), { code: "effect.unavailable" }],
    [
      "a lost connection is tried again",
      () => new HttpError("Network request failed", new Error("socket")),
      { code: "effect.unavailable" },
    ],
    ["a refusal for good is not", () => refusal(400, "Bad Request: can't parse entities"), { code: "effect.rejected" }],
    ["Redis away keeps its name", () => new AppError("redis.unreachable"), { code: "redis.unreachable" }],
  ])("%s", async (_what, error, expected) => {
    const { customer } = setUp(() => Promise.reject(error()));
    await expect(customer(effect, run)).rejects.toMatchObject(expected);
  });

  it("lets nothing of the message out with a failure", async () => {
    const { customer } = setUp(() => Promise.reject(refusal(400, "Bad Request: message is too long")));
    const failure = await customer(effect, run).catch((error: unknown) => error);
    expect(JSON.stringify(failure, Object.getOwnPropertyNames(failure))).not.toContain("private");
  });
});

describe("telling staff", () => {
  it("obeys a 429 like everybody", async () => {
    const { staff, slowed } = setUp(() => Promise.reject(refusal(429, "Too Many Requests: retry after 2", 2)));
    const notice = { kind: "notifyStaff", notice: "channel.lost", params: {} } as const;
    await expect(staff(notice, run)).rejects.toMatchObject({ name: "RetryLater", retryInMs: 2_000 });
    expect(slowed).toEqual([2_000]);
  });
  it("that is refused for its pace holds up nobody but staff", async () => {
    const { staff, gates } = setUp(() => Promise.reject(refusal(429, "Too Many Requests: retry after 40", 40)));
    const notice = { kind: "notifyStaff", notice: "ticket.opened", params: {} } as const;
    await expect(staff(notice, run)).rejects.toMatchObject({ name: "RetryLater" });
    // No gate at all would be everybody's.
    expect(gates).toEqual(["staff"]);
  });
});
