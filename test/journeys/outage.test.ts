// The service was down for longer than Telegram keeps updates: what was charged meanwhile is found before time takes anything away.
import { expect, it, vi } from "vitest";
import { DriftList } from "../../src/support/answers/drift.ts";
import { DAY_MS, HOUR_MS, itStaysWhole, MONTH_MS, useScene } from "./support/scene.ts";

const scene = useScene();

it("renewals of ten days without the service are found at the start: nobody loses access, each is told once", async () => {
  const people = [];
  for (let index = 0; index < 3; index += 1) {
    const someone = await scene.current.newcomer();
    await someone.buysAndJoins("club-month");
    people.push({ someone, until: await someone.paidUntil(), seen: someone.texts().length });
  }
  const leaver = await scene.current.newcomer();
  await leaver.buysAndJoins("once-month");
  leaver.person.cancelSubscription(leaver.person.subscriptions()[0]?.payload ?? "");
  await scene.current.stage.settle();
  const [first] = people;
  await scene.current.stage.advanceTo((first?.until ?? 0) - 2 * HOUR_MS);
  for (const one of people) one.seen = one.someone.texts().length;

  await scene.current.stage.restart(async (away) => away.passes(10 * DAY_MS));
  await scene.current.stage.settle();
  for (const { someone, until, seen } of people) {
    expect(someone.isIn(), "was never put out").toBe(true);
    expect(await someone.billing()).toMatch(/^active/);
    expect(await someone.subscription()).toMatchObject({ charges: 2 });
    expect(await someone.paidUntil()).toBeGreaterThanOrEqual(until + MONTH_MS - 1_000);
    expect((await scene.current.ledgerOf(someone)).map(({ entry }) => entry)).toEqual(["charge", "charge"]);
    const told = someone.texts().slice(seen);
    expect(told, told.join("\n---\n")).toHaveLength(1);
    expect(told[0]).toMatch(/Renewed|renewal/i);
    expect(someone.person.isIn(scene.current.telegram.channels.all()[0]?.id ?? 0)).toBe(true);
    const removals = scene.current.telegram.calls({ method: "banChatMember" });
    expect(removals.filter(({ params }) => params.user_id === someone.id)).toEqual([]);
  }
  await vi.waitFor(() => expect(leaver.isIn("once"), "whoever left pays for nothing and is out").toBe(false), {
    timeout: 10_000,
    interval: 50,
  });

  await scene.current.stage.advance(11_000);
  await scene.current.stage.app.core.clockWorker.sweep();
  const { body } = await scene.current.stage.api("GET", "/api/v1/drift?kind=paidNoActor&healed=true");
  const healed = DriftList.parse(body);
  expect(healed.drifts.map(({ about }) => about.userId).sort()).toEqual(people.map(({ someone }) => someone.id).sort());
  expect(healed.counts).toMatchObject({ paidNoActor: 0 });
  expect(healed.days[0]?.telegram).toBe(healed.days[0]?.ledger);
});

itStaysWhole(scene);
