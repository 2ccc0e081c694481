// The set-up and the backend behind it: lost answers, two at once, refusals for good, and the promise of the plan.
import { beforeAll, describe, expect, it } from "vitest";
import type { ActorAddress } from "../../machines/address.ts";
import { type Connector, customer, ONE_OF_EACH, PATHS } from "./support/connecting.ts";
import { HOUR_MS, itStaysWhole, useScene } from "./support/scene.ts";

const STAFF = 7_000_000_001;
const scene = useScene({ env: { STAFF_CHAT_ID: String(STAFF) } });

beforeAll(async () => {
  scene.current.telegram.people.add({ id: STAFF, firstName: "Staff" }).send("/start");
  await scene.current.stage.settle();
});

/** Everything but the token is answered. */
async function atTheToken(languageCode: "ru" | "en" = "en"): Promise<Connector> {
  const anna = await (await customer(scene.current, { user: { languageCode } })).opens();
  await anna.sendsEmail(`anna-${anna.someone.id}@gmail.com`);
  return anna.sendsSheet();
}

const product = () => scene.current.stage.product;
const loseAnswerOf = (path: string) => product().faults.add({ path, times: 1, fault: { lose_answer: true } });

/** What the staff's chat was told about this person. */
const staffWords = ({ someone }: Connector): string[] =>
  scene.current.telegram
    .calls({ method: "sendMessage", chatId: STAFF })
    .map(({ params }) => String(params.text))
    .filter((text) => text.includes(String(someone.id)));

async function inState(prefix: string): Promise<ActorAddress[]> {
  const found: ActorAddress[] = [];
  for await (const address of scene.current.stage.app.core.actors.inState("onboarding", prefix)) found.push(address);
  return found;
}

async function expectDoneOnce(anna: Connector): Promise<void> {
  expect(await anna.at()).toBe("ready.watching");
  expect(anna.effects()).toEqual({ ...ONE_OF_EACH, slices_stored: 1 });
  expect(anna.someone.texts().filter((text) => /^(?:Done|Готово)/.test(text))).toHaveLength(1);
  expect(await anna.knows()).toMatchObject({ connections: [{ spreadsheetId: anna.sheet }], token: null });
}

describe("an answer of the backend that is lost after its effect (check 2)", () => {
  it("in any one step ends in one registration, one token, one refresh, and done", async () => {
    const people: [string, Connector][] = [];
    for (const path of Object.values(PATHS)) people.push([path, await atTheToken()]);
    for (const [path, anna] of people) {
      loseAnswerOf(path);
      await anna.sendsToken();
      // The fault has struck this one, whose second attempt comes after the others have passed.
      expect(product().faults.list()).toEqual([]);
      expect(anna.calls(path), path).toContainEqual(expect.objectContaining({ fault: "lose_answer", status: null }));
    }
    await scene.current.settleRetries();
    for (const [path, anna] of people) {
      await expectDoneOnce(anna);
      const [lost, again] = anna.calls(path);
      expect(again?.idempotency_key, path).toBe(lost?.idempotency_key);
      expect(again?.request_id, path).toBe(lost?.request_id);
    }
  });

  it("in every step at once ends in the same", async () => {
    const anna = await atTheToken();
    for (const path of Object.values(PATHS)) loseAnswerOf(path);
    await anna.sendsToken();
    await scene.current.settleRetries();
    expect(anna.calls()).toHaveLength(12);
    await expectDoneOnce(anna);
  }, 60_000);
});

describe("two who connect the same spreadsheet at the same time (check 3)", () => {
  it.each([
    ["colleagues with one address", false],
    ["strangers with an address each", true],
  ])("%s end in one registration", async (_, areStrangers) => {
    const anna = await atTheToken();
    const boris = await (await customer(scene.current)).opens();
    await boris.sendsEmail(areStrangers ? `boris-${boris.someone.id}@gmail.com` : `anna-${anna.someone.id}@gmail.com`);
    await boris.sendsSheet(anna.sheet);
    anna.someone.person.send(anna.mint());
    boris.someone.person.send(boris.mint());
    await scene.current.settleRetries();
    expect(anna.effects()).toMatchObject({ spreadsheet_registered: 1 });
    for (const state of [await anna.at(), await boris.at()])
      expect(state, "connected, or told that it is taken").toMatch(/^(?:ready|asking\.awaitingSpreadsheet)/);
    expect([await anna.at(), await boris.at()]).toContain("ready.watching");
  });

  it("one person, twice on two phones: the second token changes nothing", async () => {
    const anna = await atTheToken();
    const token = anna.mint();
    anna.someone.person.send(token);
    anna.someone.person.send(token);
    await scene.current.settleRetries();
    await expectDoneOnce(anna);
    expect(anna.someone.person.messages().filter(({ text }) => text.includes(token))).toEqual([]);
  });
});

describe("a spreadsheet that the backend lost sight of", () => {
  it("is registered once more by itself", async () => {
    const anna = await atTheToken();
    product().faults.add({ path: PATHS.refresh, times: 1, fault: { status: 403, code: "spreadsheet_inactive" } });
    await anna.sendsToken();
    expect(await anna.at()).toBe("ready.watching");
    expect(anna.calls(PATHS.register)).toHaveLength(2);
    expect(anna.effects()).toMatchObject(ONE_OF_EACH);
  });

  it("again, is a case for people", async () => {
    const anna = await atTheToken();
    product().faults.add({ path: PATHS.refresh, times: 2, fault: { status: 403, code: "spreadsheet_inactive" } });
    await anna.sendsToken();
    expect(await anna.at()).toBe("needsAttention");
    await scene.current.staff(anna.address, { type: "onboarding.retried", by: "olga", reason: "registered by hand" });
    expect(await anna.at()).toBe("ready.watching");
  });
});

describe("a refusal that the customer cannot mend", () => {
  it.each([
    ["en", "Connecting did not work by itself. We are looking into it and will write."],
    ["ru", "Подключить автоматически не получилось. Разбираемся и напишем."],
  ] as const)("in %s: the customer and staff hear of it once, and staff try again", async (languageCode, sentence) => {
    const anna = await atTheToken(languageCode);
    product().faults.add({ path: PATHS.refresh, times: 1, fault: { status: 400, code: "invalid_request" } });
    await anna.sendsToken();
    expect(await anna.at()).toBe("needsAttention");
    expect(anna.screen).toContain(sentence);
    expect(await scene.current.ticketsOf(anna.someone)).toMatchObject([
      { subject: "onboarding", about: anna.address, detail: expect.stringMatching(/^backend\./) },
    ]);
    expect(staffWords(anna).filter((text) => text.includes("onboarding"))).toHaveLength(1);
    // They may be asked again before anybody looked: nothing new is told.
    product().faults.add({ path: PATHS.refresh, times: 1, fault: { status: 400, code: "invalid_request" } });
    await scene.current.stage.advance(6 * HOUR_MS + 1_000);
    expect(await anna.at()).toBe("needsAttention");
    expect(anna.someone.texts().filter((text) => text.includes(sentence))).toHaveLength(1);
    expect(await scene.current.ticketsOf(anna.someone)).toHaveLength(1);

    const before = anna.calls(PATHS.refresh).at(-1)?.idempotency_key;
    const retried = { type: "onboarding.retried", by: "olga", reason: "the backend is mended" };
    expect(await scene.current.staff(anna.address, retried)).toMatchObject({ outcome: "applied" });
    expect(await anna.at()).toBe("ready.watching");
    expect(anna.calls(PATHS.refresh).at(-1)?.idempotency_key, "asked anew").not.toBe(before);
    expect(anna.screen).toMatch(/^(?:Done|Готово)/);
  });

  it("can be asked again by the customer, too", async () => {
    const anna = await atTheToken();
    product().faults.add({ path: PATHS.refresh, times: 1, fault: { status: 400, code: "invalid_request" } });
    await anna.sendsToken();
    await anna.someone.says("/connect");
    expect(anna.screen).toContain("Connecting did not work by itself.");
    await anna.someone.presses("Check");
    await expectDoneOnce(anna);
  });
});

describe("the first rows", () => {
  it("that do not come are waited for, and told when they come", async () => {
    const anna = await atTheToken();
    product().faults.add({ path: PATHS.rows, times: 18, fault: { status: 404, code: "dataset_not_found" } });
    await anna.sendsToken();
    expect(await anna.at()).toBe("connecting.smokeRunning.pausing");
    await scene.current.stage.advance(32 * 60_000);
    expect(await anna.at()).toBe("waitingForData.waiting");
    expect(anna.screen).toContain("The product is connected, waiting for data");
    expect(anna.screen).toContain("Nothing to do.");
    await scene.current.stage.advance(2 * HOUR_MS);
    expect(await anna.at()).toBe("waitingForData.waiting");
    await anna.someone.says("/connect");
    expect(anna.screen).toContain("The product is connected, waiting for data");
    await anna.someone.presses("Check");
    expect(await anna.at()).toBe("ready.watching");
    expect(anna.screen).toMatch(/^Done/);
  });

  it("come with a collection that takes its time", async () => {
    product().setCollector({ mode: "async", seconds_per_day: 30 });
    const anna = await atTheToken();
    await anna.sendsToken();
    expect(await anna.at()).toBe("connecting.smokeRunning.polling.waiting");
    await scene.current.stage.advance(90_000);
    product().setCollector({ mode: "auto", seconds_per_day: 20 });
    expect(await anna.at()).toBe("ready.watching");
    expect(anna.effects()).toEqual({ ...ONE_OF_EACH, collection_started: 1 });
  });
});

describe("the plan's promise", () => {
  it("is kept by being ready in time", async () => {
    const anna = await atTheToken();
    expect(await anna.at("promise")).toBe("running");
    await anna.sendsToken();
    expect(await anna.at("promise")).toBe("kept");
    await scene.current.stage.advance(2 * HOUR_MS);
    expect(staffWords(anna).filter((text) => text.includes("обещанный срок"))).toEqual([]);
  });

  it("that was broken is told to staff, seen in the index, and stays on record", async () => {
    const anna = await atTheToken();
    await scene.current.stage.advance(HOUR_MS + 1_000);
    expect(await anna.at("promise")).toBe("late");
    expect(await inState("promise.late")).toContain(anna.address);
    expect(staffWords(anna).filter((text) => text.includes("обещанный срок"))).toHaveLength(1);
    await anna.sendsToken();
    expect(await anna.at("promise")).toBe("keptLate");
    expect(await inState("promise.late")).not.toContain(anna.address);
    expect(await inState("promise.keptLate")).toContain(anna.address);
  });
});

itStaysWhole(scene);
