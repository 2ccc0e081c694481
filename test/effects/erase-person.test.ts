import { describe, expect, it } from "vitest";
import type { ActorAddress } from "../../machines/address.ts";
import { makeErasePerson } from "../../src/effects/erase-person.ts";
import { AppError } from "../../src/errors.ts";
import type { ActorView } from "../../src/runtime/ports.ts";

const ANNA = 7;
const UP_TO = 1_000;
const run = { effectId: "customer/7|9|0", attempt: 1, signal: new AbortController().signal };
const TICKETS: Readonly<Record<string, { subject: string; openedAt: number }>> = {
  "ticket/forget:7": { subject: "question", openedAt: 1_000 },
  "ticket/refund:c1": { subject: "refund", openedAt: 500 },
  "ticket/later": { subject: "question", openedAt: 1_001 },
};

function setUp(answer: () => Promise<"sent" | "blocked"> = async () => "sent") {
  const did: string[] = [];
  const note = (what: string) => async (): Promise<void> => void did.push(what);
  const erase = makeErasePerson({
    actors: {
      find: async (lookup) => {
        expect(lookup).toBe(`telegramId=${ANNA}`);
        return ["customer/7", "onboarding/7:suite", ...(Object.keys(TICKETS) as ActorAddress[])];
      },
      read: async (address) => ({ address, context: TICKETS[address] }) as unknown as ActorView,
      send: async (address, event, options) => {
        did.push(`${event.type} ${address} ${options.key}`);
        return { outcome: "applied", view: null } as never;
      },
    },
    traces: {
      eraseTexts: (ticketId, upTo) => note(`texts ${ticketId} ${upTo}`)(),
      eraseChat: (userId) => note(`chat ${userId}`)(),
      dropSecrets: (owner) => note(`secrets ${owner}`)(),
      givePseudonym: (userId) => note(`pseudonym ${userId}`)(),
    },
    messenger: {
      notifyErased: ({ userId, language }) => {
        did.push(`told ${userId} ${language}`);
        return answer();
      },
    },
    pacer: { acquire: async () => ({ ok: true }), slowDown: async () => {} },
  });
  return { did, erase };
}
const effect = { kind: "erasePerson", userId: ANNA, language: "ru", upTo: UP_TO } as const;

describe("erasing a person", () => {
  it("deletes everything, closes the questions that nobody can read any more, and tells the person last", async () => {
    const { did, erase } = setUp();
    await erase(effect, run);
    expect(did).toEqual([
      "texts forget:7 1000",
      "texts refund:c1 1000",
      "texts later 1000",
      "chat 7",
      `person.erased onboarding/7:suite ${run.effectId}`,
      "secrets onboarding/7:suite",
      "pseudonym 7",
      `ticket.closed ticket/forget:7 ${run.effectId}`,
      "told 7 ru",
    ]);
  });

  it("tells nobody where only leftovers are looked for", async () => {
    const { did, erase } = setUp();
    await erase({ ...effect, language: null }, run);
    expect(did.at(-1)).toBe(`ticket.closed ticket/forget:7 ${run.effectId}`);
  });

  it("is done when the person can't be told", async () => {
    await expect(setUp(async () => "blocked").erase(effect, run)).resolves.toBeUndefined();
  });

  it("is tried again as a whole when Redis went away", async () => {
    const away = setUp(async () => {
      throw new AppError("redis.unreachable");
    });
    await expect(away.erase(effect, run)).rejects.toMatchObject({ code: "redis.unreachable" });
  });
});
