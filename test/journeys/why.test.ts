// "I paid and I am not in the channel": what staff are told, for every way that this comes about.
import { afterEach, describe, expect, it } from "vitest";
import { type ActorAddress, addressOf } from "../../machines/address.ts";
import { type ChatAnswer, CustomerPage, Hits, Why } from "../../src/support/answers/people.ts";
import { CHATS, type ProductCode } from "./support/plans.ts";
import { DAY_MS, HOUR_MS, itStaysWhole, useScene } from "./support/scene.ts";
import type { Subscriber } from "./support/subscriber.ts";

const scene = useScene({ plans: { policies: "{ removalBreaker: { perHour: 2, percent: 10 } }" } });

const whyOf = async (someone: Subscriber, query = ""): Promise<Why> => {
  const { status, body, text } = await scene.current.stage.api("GET", `/api/v1/customers/${someone.id}/why${query}`);
  expect(status, text).toBe(200);
  return Why.parse(body);
};
const why = async (someone: Subscriber, product: ProductCode = "club", query = ""): Promise<ChatAnswer> => {
  const found = (await whyOf(someone, query)).chats.find(({ chatId }) => chatId === String(CHATS[product]));
  if (!found) throw new Error("the chat is not spoken of");
  return found;
};
const deciding = ({ facts }: ChatAnswer) =>
  facts.filter(({ decides }) => decides).map(({ fact, effect }) => [fact, effect]);
const follows = async ({ advice }: ChatAnswer, index = 0) => {
  const proposal = advice[index];
  if (!proposal?.event) throw new Error(`no event is advised: ${JSON.stringify(advice)}`);
  return scene.current.staff(proposal.address as ActorAddress, proposal.event);
};
const desk = () => scene.current.telegram.channels.get(CHATS.club);
const failLinks = (status: number, times?: number) =>
  scene.current.telegram.faults.onCall({
    method: "createChatInviteLink",
    chatId: CHATS.club,
    ...(times === undefined ? {} : { times }),
    fault: { kind: "error", status },
  });

afterEach(() => {
  scene.current.telegram.faults.clear();
});

describe("somebody who paid", () => {
  it("and is inside: the rule, the chain of evidence, and nothing to do", async () => {
    const anna = await scene.current.newcomer();
    const charge = await anna.buysAndJoins("club-month");
    const answer = await why(anna);
    expect(answer).toMatchObject({ entitled: true, membership: "member", problem: null, advice: [] });
    expect(answer.summary).toMatch(/^Paid until .+\. They are in the chat\.$/);
    expect(deciding(answer)).toEqual([["billing", "opens"]]);
    expect(answer.facts.map(({ fact }) => fact)).toEqual(["risk", "override", "billing"]);
    const kinds = answer.evidence.map(({ kind }) => kind);
    expect([...new Set(kinds)]).toEqual(
      ["payment", "event", "transition", "telegram", "membership"].filter((kind) => kinds.includes(kind as never)),
    );
    expect(answer.evidence[0]).toMatchObject({ kind: "payment", state: "done", address: addressOf.payment(charge) });
    expect(answer.evidence.every(({ state }) => state === "done")).toBe(true);
    expect(JSON.stringify(answer), "a link is the customer's alone").not.toContain("t.me/+");
  });

  it("names in each piece of evidence the entry of a history that says so", async () => {
    const anna = await scene.current.newcomer();
    await anna.buysAndJoins("club-month");
    const { actors } = scene.current.stage.app.core;
    for (const { address, seq, at } of (await why(anna)).evidence) {
      const entries = await actors.history(address as ActorAddress, { limit: 100 });
      expect(entries.find(({ rev }) => rev === seq)).toMatchObject({ at });
    }
  });

  it("and has not used the link: says since when there is one, and offers another", async () => {
    const anna = await scene.current.newcomer();
    await anna.buys("club-month");
    const first = anna.invitation();
    const answer = await why(anna);
    expect(answer).toMatchObject({ entitled: true, problem: "paidNoAccess" });
    expect(answer.summary).toContain("have not used it");
    expect(answer.advice[0]).toMatchObject({ address: anna.inviteAt(), event: { type: "invite.requested" } });
    expect(await follows(answer)).toMatchObject({ outcome: "applied" });
    expect(anna.invitation()).not.toBe(first);
  });

  it("and gets no link because Telegram fails: shows the tries that go on by themselves", async () => {
    const anna = await scene.current.newcomer();
    failLinks(500);
    await anna.buys("club-month");
    const answer = await why(anna);
    expect(answer.problem).toBe("paidNoAccess");
    expect(answer.summary).toMatch(/Telegram does not make the link: .+ tries so far/);
    expect(answer.evidence).toContainEqual(
      expect.objectContaining({ kind: "telegram", state: "waiting", text: expect.stringContaining("make a way in") }),
    );
    expect(answer.evidence.at(-1)).toMatchObject({ kind: "membership", state: "missing" });
    expect(answer.advice[0]).toMatchObject({ event: null });
    scene.current.telegram.faults.clear();
    await scene.current.settleRetries();
    expect((await why(anna)).summary).toContain("have not used it");
  });

  it("and got none because Telegram refused: the advice makes one, and the bot sends it", async () => {
    const anna = await scene.current.newcomer();
    failLinks(400, 1);
    await anna.buys("club-month");
    const answer = await why(anna);
    expect(answer).toMatchObject({ entitled: true, problem: "paidNoAccess" });
    expect(answer.summary).toMatch(/The link could not be made: .+The next round is at/);
    expect(answer.evidence).toContainEqual(expect.objectContaining({ kind: "telegram", state: "failed" }));
    expect(answer.advice[0]).toMatchObject({ text: "Try again now", address: anna.inviteAt() });
    await follows(answer);
    await anna.joins();
    expect((await why(anna)).problem).toBeNull();
  });

  it("and left by themselves", async () => {
    const anna = await scene.current.newcomer();
    await anna.buysAndJoins("club-month");
    await anna.leaves();
    const answer = await why(anna);
    expect(answer).toMatchObject({ entitled: true, membership: "left", problem: "paidNoAccess" });
    expect(answer.summary).toContain("They left the chat by themselves");
    await follows(answer);
    await anna.joins();
    expect((await why(anna)).problem).toBeNull();
  });

  it("and was put out by an administrator", async () => {
    const anna = await scene.current.newcomer();
    await anna.buysAndJoins("club-month");
    desk().adminBans(anna.person);
    await scene.current.stage.settle();
    const answer = await why(anna);
    expect(answer).toMatchObject({ entitled: true, membership: "kicked", problem: "banned" });
    expect(answer.summary).toContain("An administrator of the chat put them out");
  });

  it("for a chat in which the bot lacks a right", async () => {
    const anna = await scene.current.newcomer();
    const fragile = scene.current.telegram.channels.get(CHATS.fragile);
    await anna.buys("fragile-month");
    fragile.setBotRights({ can_restrict_members: false });
    await scene.current.stage.settle();
    try {
      const answer = await why(anna, "fragile");
      expect(answer).toMatchObject({ entitled: true, problem: "channelLost" });
      expect(answer.summary).toMatch(/clock of the subscription stands still.+The bot lacks rights.+canRestrict/);
      expect(answer.advice[0]).toMatchObject({ address: addressOf.channel(String(CHATS.fragile)), event: null });
    } finally {
      fragile.setBotRights({ can_restrict_members: true, can_invite_users: true });
      await scene.current.stage.settle();
    }
  });

  it("and is blocked: the block decides although billing would open", async () => {
    const anna = await scene.current.newcomer();
    await anna.buysAndJoins("club-month");
    await scene.current.staff(addressOf.customer(anna.id), { type: "risk.blocked" });
    const answer = await why(anna);
    expect(answer).toMatchObject({ entitled: false, problem: null });
    expect(answer.summary).toMatch(/^Blocked as a risk/);
    expect(answer.evidence).toContainEqual(
      expect.objectContaining({
        address: addressOf.customer(anna.id),
        text: expect.stringMatching(/^risk\.blocked by \S+: /),
      }),
    );
    expect(deciding(answer)).toEqual([["risk", "closes"]]);
    expect(answer.facts.find(({ fact }) => fact === "billing")).toMatchObject({ effect: "opens", decides: false });
    await follows(answer);
    expect((await why(anna)).entitled).toBe(true);
  });

  it("and was revoked: with the reason, and how to take it back", async () => {
    const anna = await scene.current.newcomer();
    await anna.buysAndJoins("club-month");
    await scene.current.staff(anna.subscriptionAt(), { type: "access.revoked" }, "sold the link");
    const answer = await why(anna);
    expect(answer.summary).toContain("Access was revoked: sold the link.");
    expect(answer.evidence).toContainEqual(
      expect.objectContaining({ kind: "event", text: expect.stringMatching(/^access\.revoked by .+: sold the link$/) }),
    );
    await follows(answer);
    expect((await why(anna)).entitled).toBe(true);
  });

  it("and was refunded", async () => {
    const anna = await scene.current.newcomer();
    const charge = await anna.buysAndJoins("club-month");
    await scene.current.staff(addressOf.payment(charge), { type: "refund.requested", access: "policy" });
    const answer = await why(anna);
    expect(answer).toMatchObject({ entitled: false, problem: null });
    expect(answer.summary).toContain("The money was given back");
    expect(answer.evidence[0]?.text).toContain("refunded");
  });

  it("long ago: grace keeps the door open, hold does not", async () => {
    const anna = await scene.current.newcomer();
    await anna.buysAndJoins("club-quarter");
    await scene.current.stage.advanceTo((await anna.paidUntil()) + DAY_MS);
    expect(await why(anna)).toMatchObject({
      entitled: true,
      summary: expect.stringContaining("grace keeps access open"),
    });
    await scene.current.stage.advance(3 * DAY_MS);
    const answer = await why(anna);
    expect(answer).toMatchObject({ entitled: false, problem: null, membership: "left" });
    expect(answer.summary).toMatch(/on hold until .+They are not in the chat, as it should be\./);
  });

  it("what nobody offered: the money lies there, and people can give it back", async () => {
    const anna = await scene.current.newcomer();
    const sale = { payload: "no-such-order", currency: "XTR", totalAmount: 700, skipCheckout: true };
    expect(await anna.person.payForged(sale)).toMatchObject({ kind: "paid" });
    await scene.current.stage.settle();
    const answer = await why(anna);
    expect(answer).toMatchObject({ entitled: false, problem: "paymentHeld" });
    expect(answer.summary).toMatch(/^Money was taken \(700 XTR, charge .+\) and bought nothing: unknownOrder/);
    expect(answer.evidence[0]).toMatchObject({ kind: "payment", state: "failed" });
    expect(answer.advice.map(({ event }) => event)).toEqual([{ type: "refund.requested", access: "policy" }]);
  });

  it("by an order that a restore lost: the plans that cost that are advised, and accepting ends the ticket", async () => {
    const anna = await scene.current.newcomer();
    const sale = { payload: `lost-${anna.id}`, currency: "XTR", totalAmount: 1_350, skipCheckout: true };
    const paid = await anna.person.payForged(sale);
    if (paid.kind !== "paid") throw new Error(paid.kind);
    await scene.current.stage.settle();
    const { chats } = await whyOf(anna);
    const advised = chats.map(({ chatId, advice }) => [
      Number(chatId),
      ...advice.map(({ event }) => (event?.terms as { planCode?: string } | undefined)?.planCode ?? event?.type),
    ]);
    expect(new Map(advised.map(([chatId, ...plans]) => [chatId, plans]))).toEqual(
      new Map([
        [CHATS.club, ["club-quarter", "refund.requested"]],
        [CHATS.suite, ["suite-quarter", "refund.requested"]],
      ]),
    );
    const answer = await why(anna);
    expect(answer.summary).toContain("Whether they are in the chat is not on record");
    expect(await follows(answer)).toMatchObject({ outcome: "applied" });
    expect(await why(anna)).toMatchObject({ entitled: true });
    const ticket = await scene.current.stage.read(addressOf.ticket(`disputedPayment:${paid.chargeId}`));
    expect(ticket?.states).toEqual(["closed"]);
  });

  it("too little for what was offered: people can take it for that all the same", async () => {
    const anna = await scene.current.newcomer();
    await anna.chooses("club-quarter");
    const { orderId } = await anna.subscription();
    await anna.person.payForged({ payload: orderId ?? "", currency: "XTR", totalAmount: 1, skipCheckout: true });
    await scene.current.stage.settle();
    const answer = await why(anna);
    expect(answer).toMatchObject({ entitled: false, problem: "paymentHeld" });
    expect(answer.advice[0]).toMatchObject({ event: { type: "payment.released", userId: anna.id } });
    expect(await follows(answer)).toMatchObject({ outcome: "applied" });
    expect(await why(anna)).toMatchObject({ entitled: true, problem: "paidNoAccess" });
  });
});

/** As people force it who forget to have it told. */
const holdSilently = async (someone: Subscriber) => {
  const path = `/api/v1/actors/${someone.subscriptionAt()}/force`;
  const view = await scene.current.stage.read(someone.subscriptionAt());
  const forced = {
    targets: ["billing.pastDue.hold"],
    run: [],
    reason: "a test of forcing",
    idempotencyKey: `hold ${someone.id}`,
    expectedSeq: view?.rev,
  };
  const { status, text } = await scene.current.stage.api("POST", path, forced);
  expect(status, text).toBe(200);
  await scene.current.stage.settle();
};

describe("somebody whose right was ended by force, and nobody told the invite", () => {
  it("and who is inside: it is a problem, and the advice puts them out", async () => {
    const anna = await scene.current.newcomer();
    await anna.buysAndJoins("club-month");
    await holdSilently(anna);
    expect(anna.isIn()).toBe(true);
    const answer = await why(anna);
    expect(answer).toMatchObject({ entitled: false, problem: "accessNoRight" });
    expect(answer.summary).toContain("the end of access has not reached the invite");
    expect(answer.advice[0]).toMatchObject({ address: anna.subscriptionAt(), event: { type: "access.announced" } });
    await follows(answer);
    await scene.current.stage.settle();
    expect(anna.isIn()).toBe(false);
    expect(await why(anna)).toMatchObject({ entitled: false, problem: null });
  });

  it("and who is outside with a link that works: it is a problem, and the advice takes the link away", async () => {
    const anna = await scene.current.newcomer();
    await anna.buys("club-month");
    await holdSilently(anna);
    const answer = await why(anna);
    expect(answer).toMatchObject({ entitled: false, problem: "accessNoRight" });
    expect(answer.summary).toMatch(/a link of theirs works until/);
    await follows(answer);
    await scene.current.stage.settle();
    expect(await why(anna)).toMatchObject({ entitled: false, problem: null });
    expect(await anna.inviteState()).toBe("none");
  });

  it("and who knocks: is not let in, whatever the invite believes", async () => {
    const anna = await scene.current.newcomer();
    await anna.buys("club-month");
    await holdSilently(anna);
    await anna.opens(anna.invitation());
    expect(anna.isIn()).toBe(false);
  });

  it("and who is inside: is found by the membership sweep", async () => {
    const anna = await scene.current.newcomer();
    await anna.buysAndJoins("club-month");
    await holdSilently(anna);
    for (let turn = 0; turn < 3 && anna.isIn(); turn += 1) {
      await scene.current.stage.advance(HOUR_MS);
      await scene.current.stage.app.core.clockWorker.sweep();
      await scene.current.stage.settle();
    }
    expect(anna.isIn()).toBe(false);
  });
});

describe("somebody whose access does not rest on money", () => {
  it("was given it: by whom and why, not that they paid", async () => {
    const anna = await scene.current.newcomer();
    await anna.chooses("club-quarter");
    const { terms } = await anna.subscription();
    await scene.current.staff(
      anna.subscriptionAt(),
      { type: "term.granted", terms, ms: DAY_MS },
      "a gift of the house",
    );
    expect((await why(anna)).summary).toMatch(/^Given by staff \(.+: a gift of the house\) until /);
    await scene.current.staff(anna.subscriptionAt(), { type: "term.granted", terms, ms: null }, "for ever then");
    expect((await why(anna)).summary).toMatch(/^Given by staff for life \(.+: for ever then\)\./);
    await anna.buys("club-life");
    expect((await why(anna)).summary).toMatch(/^Paid for life\./);
  });

  it("had the charge reversed: nobody gave money back", async () => {
    const anna = await scene.current.newcomer();
    const charge = await anna.buysAndJoins("club-month");
    await scene.current.staff(addressOf.payment(charge), { type: "chargeback.seen" });
    const { summary } = await why(anna);
    expect(summary).toContain("chargeback");
    expect(summary).not.toContain("given back");
  });
});

describe("somebody who did not pay", () => {
  it("is let in by an override of the staff", async () => {
    const anna = await scene.current.newcomer();
    await anna.chooses("club-quarter");
    expect(await why(anna)).toMatchObject({
      entitled: false,
      problem: null,
      summary: expect.stringContaining("not paid"),
    });
    const until = scene.current.now() + DAY_MS;
    await scene.current.staff(anna.subscriptionAt(), { type: "override.set", until });
    const answer = await why(anna);
    expect(answer.summary).toMatch(/^Staff opened access until/);
    expect(deciding(answer)).toEqual([["override", "opens"]]);
  });

  it("never paid, and had to do with no chat: is answered for the chats on sale", async () => {
    const anna = await scene.current.newcomer();
    const { customer, chats } = await whyOf(anna);
    expect(customer.userId).toBe(anna.id);
    expect(chats.map(({ chatId }) => chatId).sort()).toEqual(Object.values(CHATS).map(String).sort());
    expect(chats.find(({ chatId }) => chatId === String(CHATS.club))).toMatchObject({ product: "club" });
    expect(chats[0]).toMatchObject({ entitled: false, problem: null, summary: expect.stringMatching(/^Never paid/) });
  });

  it("was never seen: is answered all the same", async () => {
    const stranger = scene.current.stranger();
    expect((await whyOf(stranger)).customer).toEqual({ userId: stranger.id, name: null, username: null });
  });
});

describe("somebody whose right ended", () => {
  it("stays while the breaker holds removals, until staff release it", async () => {
    const people = await Promise.all([1, 2, 3, 4, 5, 6].map(() => scene.current.newcomer()));
    for (const person of people) await person.buysAndJoins("club-quarter");
    for (const person of people)
      await scene.current.staff(person.subscriptionAt(), { type: "access.revoked" }, "the test of the breaker");
    const answers = await Promise.all(people.map((person) => why(person)));
    const held = answers.find(({ problem }) => problem === "breakerHolds");
    expect(held?.summary).toContain("the breaker of mass removals holds");
    expect(held?.advice[0]).toMatchObject({
      address: addressOf.channel(String(CHATS.club)),
      event: { type: "removals.released" },
    });
    if (!held) return;
    for (let round = 0; round < 3; round += 1) {
      const still = (await Promise.all(people.map((person) => why(person)))).find(
        ({ problem }) => problem === "breakerHolds",
      );
      if (still) await follows(still);
    }
    expect(people.filter((person) => person.isIn())).toEqual([]);
  });
});

describe("the page of somebody found by their charge", () => {
  it("shows what the bot shows them, word for word, and sends nothing", async () => {
    const anna = await scene.current.newcomer();
    const charge = await anna.buysAndJoins("club-month");
    const { stage, telegram } = scene.current;
    const found = Hits.parse((await stage.api("GET", `/api/v1/search?q=${encodeURIComponent(charge)}`)).body);
    expect(found.hits[0]).toMatchObject({ kind: "customer", address: addressOf.customer(anna.id), by: "chargeId" });
    expect(found.hits[0]?.states, "of the customer, whatever they were found by").toContain("risk.clear");
    const calls = telegram.calls().length;
    const page = CustomerPage.parse((await stage.api("GET", `/api/v1/customers/${anna.id}`)).body);
    expect(telegram.calls()).toHaveLength(calls);
    await anna.says("/status");
    expect(page.screen?.text).toBe(anna.texts().at(-1));
    expect(page.payments).toMatchObject([{ chargeId: charge, state: "applied", plan: "club-month" }]);
  });
});

describe("the answer", () => {
  it("speaks Russian where that is asked for", async () => {
    const anna = await scene.current.newcomer();
    await anna.buysAndJoins("club-month");
    expect((await why(anna, "club", "?lang=ru")).summary).toMatch(/^Оплачено до .+Человек в чате\.$/);
  });

  it("reads only: it leaves no trace in any history", async () => {
    const anna = await scene.current.newcomer();
    await anna.buys("club-month");
    const before = await anna.facts();
    await whyOf(anna);
    expect(await anna.facts()).toEqual(before);
  });
});

itStaysWhole(scene);
