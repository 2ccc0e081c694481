// Opening step by step: whose turn has not come is told so and pays nothing; who has a subscription notices nothing.
import { describe, expect, it } from "vitest";
import { DAY_MS, HOUR_MS, itStaysWhole, MONTH_MS, useScene } from "./support/scene.ts";

const scene = useScene();
const only = (...ids: readonly number[]) => scene.current.changePlans({ rollout: `{ stage: team, team: [${ids}] }` });
const everybody = () => scene.current.changePlans({});

describe("while the service opens step by step", () => {
  it("sells to whose turn it is, and tells everybody else calmly that theirs has not come", async () => {
    const anna = await scene.current.newcomer();
    const boris = scene.current.stranger({ languageCode: "ru" });
    await only(anna.id);
    await anna.buys("club-month");
    expect(await anna.billing()).toMatch(/^active/);

    await boris.says("/start");
    expect(boris.person.screen()?.text).toMatch(/Мы открываемся постепенно, и ваша очередь ещё не подошла/);
    await boris.says("/plans");
    expect(boris.person.screen()?.text).toMatch(/Мы открываемся постепенно/);
    // Nothing that could be pressed leads to a payment, an old button included.
    const buttons = boris.person.screen()?.buttons.flat() ?? [];
    expect(buttons.filter((button) => button.kind === "callback" && /plan|trial/.test(button.data))).toEqual([]);
    await everybody();
    await boris.says("/plans");
    expect(boris.person.screen()?.text).not.toMatch(/открываемся/);
    await only(anna.id);
    await boris.presses("v1:trial:club-month");
    expect(boris.person.screen()?.text).toMatch(/Мы открываемся постепенно/);
    expect(await scene.current.ledgerOf(boris)).toEqual([]);
    await everybody();
  });

  it("refuses the checkout of an invoice that came from before, or from a friend, and charges nothing", async () => {
    const anna = await scene.current.newcomer();
    await anna.chooses("club-month");
    await only(1);
    const stars = anna.person.stars;
    expect(await anna.pays()).toMatchObject({ kind: "declined", errorMessage: expect.stringMatching(/step by step/) });
    expect(anna.person.stars).toBe(stars);
    await everybody();
    expect(await anna.pays()).toMatchObject({ kind: "paid" });
  });

  it("renews whoever has a subscription, lets them buy another, and come back after its end", async () => {
    const anna = await scene.current.newcomer();
    await anna.buysAndJoins("club-month");
    await only(1);
    const before = await anna.paidUntil();
    await scene.current.stage.advanceTo(before + HOUR_MS);
    expect(await anna.subscription()).toMatchObject({ charges: 2 });
    expect(anna.isIn()).toBe(true);
    await anna.buys("once-month");
    expect(await anna.billing("once")).toMatch(/^active/);

    const boris = await everybody().then(() => scene.current.newcomer());
    await boris.buys("club-quarter");
    await only(1);
    await scene.current.stage.advanceTo((await boris.paidUntil()) + MONTH_MS + DAY_MS);
    expect(await boris.billing()).toMatch(/^expired/);
    await boris.buys("club-quarter");
    expect(await boris.billing()).toMatch(/^active/);
    await everybody();
  });
});

itStaysWhole(scene);
