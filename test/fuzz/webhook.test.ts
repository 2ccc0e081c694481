// Telegram's side door, with the whole service behind it: nothing that comes in by it breaks the service, an actor or an answer.
import fc from "fast-check";
import { Pool } from "undici";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CHATS } from "../journeys/support/plans.ts";
import { useScene } from "../journeys/support/scene.ts";
import { judge, watchProcess } from "./support/judge.ts";
import { BATCH, FUZZ_SEED, fuzzSize, fuzzTimeoutMs } from "./support/size.ts";
import { type Known, type RawBody, rawBodies, updates } from "./support/updates.ts";

const [SHAPED, RAW] = [0.15, 0.1];
const scene = useScene();
let pool: Pool;
let known: Known;
let secrets: readonly string[];
const watch = watchProcess();

beforeAll(async () => {
  const { stage } = scene.current;
  pool = new Pool(stage.app.url, { connections: BATCH });
  const anna = await scene.current.newcomer();
  const chargeId = await anna.buysAndJoins("club-month");
  const boris = await scene.current.newcomer();
  await boris.chooses("suite-quarter");
  const orders = (await Promise.all([anna, boris].map(({ person }) => stage.actorsOf(person))))
    .flat()
    .filter((address) => address.startsWith("order/"))
    .map((address) => address.slice("order/".length));
  known = {
    people: [anna.id, boris.id],
    chats: [CHATS.club, CHATS.once, -1_009_999],
    ...{ orders, charges: [chargeId], plans: ["club-month", "suite-quarter"], products: ["club", "suite", "once"] },
  };
  secrets = [stage.webhookSecret];
});
afterAll(async () => {
  watch.stop();
  await pool.close();
});

async function post({ body, type }: RawBody, secret: string | null = scene.current.stage.webhookSecret) {
  const answer = await pool.request({
    method: "POST",
    path: "/telegram/webhook",
    headers: {
      ...(type === "" ? {} : { "content-type": type }),
      ...(secret === null ? {} : { "x-telegram-bot-api-secret-token": secret }),
    },
    body,
  });
  return {
    status: answer.statusCode,
    type: String(answer.headers["content-type"] ?? ""),
    body: await answer.body.text(),
  };
}

/**
 * What is acknowledged and set aside for people to look at: a payment outside a private chat has no payer, and whoever Telegram does not
 * know can't be answered. All else is a fault of ours.
 */
const SET_ASIDE = ["actor.invalidEvent", "400"];
/** Telegram refuses what we wrote, and not whom we wrote to. */
const OUR_FAULT = /parse|entit|empty|too long|BUTTON|PAYLOAD|malformed|Unauthorized/i;

/** Everything that went wrong behind an acknowledged update and should not have. */
async function faults(): Promise<readonly string[]> {
  const { stage, telegram } = scene.current;
  const kept = await stage.app.updatesSetAside.list();
  const failed = kept.filter(({ problem, fields }) => problem === "failed" && !SET_ASIDE.includes(fields.join()));
  const refused = telegram
    .calls({ ok: false })
    .flatMap(({ method, response }) => (response?.ok === false ? [`${method}: ${response.description}`] : []));
  return [
    ...failed.map(({ kind, fields }) => `${kind}: ${fields.join()}`),
    ...refused.filter((text) => OUR_FAULT.test(text)),
    ...watch.seen(),
  ];
}

describe(`the webhook, seed ${FUZZ_SEED}`, () => {
  it(
    "takes any JSON with the right secret, and nothing breaks behind it",
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(updates(known), { minLength: BATCH, maxLength: BATCH }), async (batch) => {
          await Promise.all(
            batch.map(async (update) => {
              const answer = await post({ body: JSON.stringify(update) ?? "null", type: "application/json" });
              judge(answer, secrets);
              // An update is acknowledged, or it would come again for a day: only what is no object is refused.
              const isObject = typeof update === "object" && update !== null && !Array.isArray(update);
              if (!isObject) expect(answer.status).toBe(400);
              else if (answer.status !== 200) expect([400, 413]).toContain(answer.status);
            }),
          );
          await scene.current.stage.settle();
          expect(await faults()).toEqual([]);
          expect(await scene.current.stage.app.core.quarantine.count()).toBe(0);
        }),
        fuzzSize(SHAPED),
      );
    },
    fuzzTimeoutMs(SHAPED),
  );

  it(
    "answers damaged bodies and strangers with a short 4xx",
    async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.tuple(rawBodies(known), fc.constantFrom("right", "wrong", "none")), {
            minLength: BATCH,
            maxLength: BATCH,
          }),
          async (batch) => {
            await Promise.all(
              batch.map(async ([raw, who]) => {
                const secret =
                  who === "right" ? scene.current.stage.webhookSecret : who === "none" ? null : "x".repeat(32);
                const answer = await post(raw, secret);
                judge(answer, secrets);
                expect(answer.body.length).toBeLessThan(2_000);
                if (who !== "right") expect(answer.status).toBe(401);
                else expect([200, 400, 413, 415]).toContain(answer.status);
              }),
            );
            expect({}).not.toHaveProperty("polluted");
          },
        ),
        fuzzSize(RAW),
      );
      await scene.current.stage.settle();
      expect(await faults()).toEqual([]);
    },
    fuzzTimeoutMs(RAW),
  );

  it("is as good as before: somebody else buys and comes in, and every history is whole", async () => {
    const { stage, telegram } = scene.current;
    // Whoever knows the secret can say that the bot lost its rights: sales stand until Telegram says that it has them.
    const club = telegram.channels.get(CHATS.club);
    club.demoteBot();
    club.setBotRights({ can_restrict_members: true, can_invite_users: true });
    await scene.current.settleRetries();
    const clara = await scene.current.newcomer();
    await clara.buysAndJoins("club-month");
    expect(clara.isIn()).toBe(true);
    const addresses = (await Promise.all(telegram.people.all().map((person) => stage.actorsOf(person)))).flat();
    const verified = await Promise.all([...new Set(addresses)].map((address) => stage.app.core.actors.verify(address)));
    expect(verified.filter(({ ok }) => !ok)).toEqual([]);
  });
});
