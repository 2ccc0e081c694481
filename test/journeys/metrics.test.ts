// What /metrics says of a customer's life, and that whatever asks for it (rules, dashboard) asks for what there is.
import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { findPromtool } from "../../src/setup/promtool.mjs";
import { Connector } from "./support/connecting.ts";
import { DAY_MS, MONTH_MS, useScene } from "./support/scene.ts";

const scene = useScene();
const metric = (line: string) => scene.current.metric(`${line} `);

describe("a customer's life", () => {
  it("is counted once, step by step, whatever comes twice", async () => {
    const anna = await scene.current.newcomer();
    scene.current.telegram.faults.onDelivery({
      userId: anna.id,
      updateType: "successful_payment",
      times: 1,
      fault: { kind: "duplicate", newUpdateId: true },
    });
    await anna.buys("suite-month");
    expect(await metric('tg_payments_created_total{kind="renewing"}')).toBe(1);
    expect(await metric('tg_payments_success_total{kind="renewing"}')).toBe(1);
    expect(await metric('tg_payments_amount_total{currency="XTR"}')).toBe(500);
    expect(await metric('tg_subscription_active_total{from="checkout"}')).toBe(1);
    expect(await metric('tg_paid_to_access_seconds_count{to="link"}')).toBe(1);

    await anna.joins();
    expect(await metric('tg_channel_access_granted_total{by="approved"}')).toBe(1);
    expect(await metric('tg_paid_to_access_seconds_count{to="member"}')).toBe(1);

    const connector = new Connector(anna, scene.current);
    await connector.opens();
    await connector.answers();
    expect(await metric("onboarding_success_total")).toBe(1);

    // Telegram renews it once; then the Stars are gone.
    await scene.current.stage.advance(MONTH_MS + DAY_MS);
    expect(await metric('tg_payments_success_total{kind="renewal"}')).toBe(1);
    expect(await metric('tg_subscription_active_total{from="checkout"}'), "still active").toBe(1);
  });

  it("ends: whoever does not pay again is out, in time and by right", async () => {
    const anna = await scene.current.newcomer();
    await anna.buysAndJoins("fragile-quarter");
    await scene.current.stage.advance(3 * MONTH_MS + 30 * DAY_MS);
    expect(anna.isIn("fragile")).toBe(false);
    expect(await metric('tg_channel_access_revoked_total{reason="notEntitled"}')).toBe(1);
    expect(await metric('tg_subscription_expired_total{from="pastDue"}')).toBe(1);
    expect(await metric("tg_access_without_right_seconds_total")).toBeLessThan(60);
    expect(await metric("tg_wrongful_removals_total")).toBe(0);
    expect(await metric("tg_double_activation_total")).toBe(0);
  });

  it("that begins with a checkout which is refused is a failed payment", async () => {
    const anna = await scene.current.newcomer();
    const boris = await scene.current.newcomer({ firstName: "Boris" });
    await anna.chooses("club-quarter");
    await anna.chooses("club-month");
    const link = anna.invoice();
    await boris.person.payInvoice(link);
    await scene.current.stage.settle();
    expect(await metric('tg_payments_failed_total{reason="checkoutRefused"}')).toBe(1);
    expect(await metric('tg_pre_checkout_seconds_count{result="refused"}')).toBe(1);
    expect(await metric("tg_pre_checkout_timeouts_total")).toBe(0);
  });
});

describe("the machinery", () => {
  it("shows what came in, what waits and how Redis is", async () => {
    expect(await metric('tg_webhook_requests_total{code="200"}')).toBeGreaterThan(0);
    for (const source of ["update", "actors", "outside"])
      expect(await metric(`tg_event_lag_seconds_count{source="${source}"}`), source).toBeGreaterThan(0);
    expect(await metric('tg_redis_persistence_ok{node="primary"}')).toBe(1);
    expect(await metric('tg_redis_used_memory_bytes{node="primary"}')).toBeGreaterThan(0);
    const { text } = await scene.current.stage.api("GET", "/metrics");
    for (const line of ['tg_queue_depth{queue="outside",state="waiting"} 0', "tg_outbox_pending 0"])
      expect(text).toContain(line);
    expect(text).toMatch(/tg_queue_oldest_seconds\{queue="updates"\} \d/);
    expect(text).toMatch(/tg_outbox_oldest_seconds \d/);
    expect(text).toMatch(/tg_actors\{machine="channel",state="[^"]+"\} [1-9]/);
  });

  const promtool = process.env.CI === undefined ? findPromtool().catch(() => null) : findPromtool();
  it("shows it as Prometheus wants it", async (test) => {
    const bin = await promtool;
    if (bin === null) return test.skip("no promtool");
    const { text } = await scene.current.stage.api("GET", "/metrics");
    const { stdout, stderr } = spawnSync(bin, ["check", "metrics"], { encoding: "utf8", input: text });
    // Node's own metrics have names that are not ours to choose; what cannot be parsed has none.
    expect((stdout + stderr).split("\n").filter((line) => line !== "" && !/^(?:nodejs|process)_/.test(line))).toEqual(
      [],
    );
  });
});
