import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { addressOf, type MachineName } from "../../machines/address.ts";
import { definitions } from "../../machines/registry.ts";
import { fieldsOf } from "../../src/support/staff-events.ts";
import { type Office, openOffice, ROLES } from "./support/office.ts";

const ANNA = 7_012_345_678;
const CHAT = "-1002123456789";
/** An address of each kind that nobody lives at: who is let through hears `noActor` or has its fields refused, and changes nothing. */
const PLACES: Readonly<Record<MachineName, string>> = {
  customer: addressOf.customer(ANNA),
  subscription: addressOf.subscription(ANNA, "club"),
  order: addressOf.order("o1"),
  payment: addressOf.payment("c1"),
  invite: addressOf.invite(ANNA, CHAT),
  channel: addressOf.channel(CHAT),
  onboarding: addressOf.onboarding(ANNA, "club"),
  ticket: addressOf.ticket("t1"),
  dataset: addressOf.dataset("checklist", "1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789abcdefg"),
};
const typesOf = (event: z.ZodType): string[] =>
  event instanceof z.ZodDiscriminatedUnion
    ? event.options.flatMap((option) =>
        option instanceof z.ZodObject && option.shape.type instanceof z.ZodLiteral
          ? [String(option.shape.type.value)]
          : [],
      )
    : [];
const EVENTS = definitions.flatMap((definition) => typesOf(definition.event).map((type) => ({ definition, type })));
const FORBIDDEN = EVENTS.filter(({ definition, type }) => !(type in definition.staffEvents));
const ALLOWED = definitions.flatMap((definition) =>
  Object.entries(definition.staffEvents).map(([type, role]) => ({ definition, type, role })),
);

let office: Office;
beforeEach(() => {
  office = openOffice();
});
afterEach(() => office.server.close());
const send = (machine: MachineName, type: string, role: (typeof ROLES)[number]) => {
  const place = PLACES[machine];
  const url = `/api/v1/actors/${machine}/${encodeURIComponent(place.slice(machine.length + 1))}/events`;
  return office.post(url, { event: { type }, reason: "because I can", idempotencyKey: `key of ${type}` }, { role });
};

describe("the events of the machines", () => {
  it("are all seen by this test", () => {
    expect(EVENTS.length).toBeGreaterThan(60);
    expect(new Set(EVENTS.map(({ definition }) => definition.name)).size).toBe(definitions.length);
  });
  it.each([
    "payment.succeeded",
    "payment.refunded",
    "trial.granted",
    "payment.received",
    "payment.accepted",
    "payment.applied",
    "refund.seen",
    "charge.presented",
    "entitlement.changed",
    "staff.answered",
    "ticket.opened",
  ])("are not all for staff: %s is not", (type) => {
    expect(FORBIDDEN.map((event) => event.type)).toContain(type);
  });
});

describe("an event that staff may not send", () => {
  it("is refused with a sentence, to the owner as well, and changes nothing", async () => {
    for (const { definition, type } of FORBIDDEN) {
      const answer = await send(definition.name, type, "owner");
      expect([answer.statusCode, answer.json().code], type).toEqual([403, "actor.notForStaff"]);
      expect(answer.json().fields, type).toEqual([expect.stringContaining(`to a ${definition.name} staff may send`)]);
    }
    for (const { name } of definitions) expect(await office.actors.countByState(name)).toEqual({});
  });
  it.each(["xstate.done.actor.check", "xstate.after.1.ticket", "constructor", "__proto__", "toString"])(
    "may be one that nobody knows: %s",
    async (type) => {
      expect((await send("ticket", type, "owner")).statusCode).toBe(403);
    },
  );
});

describe("an event that staff may send", () => {
  it.each(ALLOWED.map(({ definition, type, role }) => ({ name: definition.name, type, role })))(
    "$name $type needs the role $role",
    async ({ name, type, role }) => {
      for (const other of ROLES) {
        const { statusCode } = await send(name, type, other);
        if (ROLES.indexOf(other) < ROLES.indexOf(role)) expect(statusCode, other).toBe(403);
        else expect(statusCode, other).not.toBe(403);
      }
    },
  );
  it("is an event of its machine", () => {
    for (const { definition, type } of ALLOWED) expect(typesOf(definition.event), definition.name).toContain(type);
  });
  it("is signed where it has room for a name", () => {
    const signed = ALLOWED.filter(({ definition, type }) => fieldsOf(definition, type).has("by")).map(
      ({ type }) => type,
    );
    expect(signed).toEqual(
      expect.arrayContaining(["refund.requested", "term.granted", "ticket.closed", "risk.blocked"]),
    );
  });
});

describe("money", () => {
  it.each(["refund.requested", "payment.released", "term.granted", "term.extended", "override.set", "chargeback.seen"])(
    "is not for support to move: %s",
    (type) => {
      const least = ALLOWED.filter((event) => event.type === type).map(({ role }) => role);
      expect(least.length).toBeGreaterThan(0);
      expect(least.every((role) => role === "finance" || role === "owner")).toBe(true);
    },
  );
});
