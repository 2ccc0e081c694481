// Who may do what in the staff chat: exactly what the same role may do over HTTP.
import { beforeAll, describe, expect, it } from "vitest";
import type { StaffRole } from "../../machines/definition.ts";
import { STAFF_COMMANDS } from "../../src/bot/staff/command-list.ts";
import { STAFF_PRESSES, type StaffPressEvent } from "../../src/bot/staff/presses.ts";
import { ADMIN_ROLES } from "../../src/environment.ts";
import { APPROVAL_ROUTES } from "../../src/http/approvals.ts";
import { CUSTOMER_ROUTES } from "../../src/http/customers.ts";
import { EVERYDAY_ROUTES } from "../../src/http/everyday.ts";
import { TICKET_ROUTES } from "../../src/http/tickets.ts";
import { WHY_ROUTES } from "../../src/http/why.ts";
import { itStaysWhole, useScene } from "./support/scene.ts";
import { type StaffAccount, StaffChat } from "./support/staff-chat.ts";

const STAFF: Readonly<Record<StaffRole, StaffAccount>> = {
  viewer: { id: 7_000_000_011, name: "vera" },
  support: { id: 7_000_000_012, name: "sam" },
  finance: { id: 7_000_000_013, name: "fred" },
  owner: { id: 7_000_000_014, name: "olga" },
};
const scene = useScene({
  env: {
    STAFF_CHAT_ID: String(STAFF.owner.id),
    STAFF_MEMBERS: ADMIN_ROLES.map((role) => `${STAFF[role].id}:${STAFF[role].name}:${role}`).join(","),
  },
  plans: { policies: "{ approval: { refundAbove: { XTR: 400 } } }" },
});
let chat: StaffChat;
let customer: { readonly id: number; readonly charge: string };
beforeAll(async () => {
  chat = await StaffChat.open(scene.current, STAFF.owner);
  const nora = await scene.current.newcomer();
  customer = { id: nora.id, charge: await nora.buys("club-month") };
});

const everyday = (name: string): StaffRole => EVERYDAY_ROUTES[name]?.role ?? "owner";
const mayDo = (role: StaffRole, least: StaffRole) => ADMIN_ROLES.indexOf(role) >= ADMIN_ROLES.indexOf(least);
/** A refusal says which role is needed. */
const refusalFor = (least: StaffRole) => `Нужна роль ${least}`;

/** What is typed, and the route of the admin API that does the same. */
const COMMANDS: Readonly<
  Record<string, readonly [least: StaffRole, typed: (userId: number, charge: string) => string]>
> = {
  who: [CUSTOMER_ROUTES.search.role, (id) => `/who ${id}`],
  why: [WHY_ROUTES.why.role, (id) => `/why ${id}`],
  tickets: [TICKET_ROUTES.list.role, () => "/tickets"],
  help: ["viewer", () => "/help"],
  grant: [everyday("grant"), (id) => `/grant ${id} club-month 3 sorry for that`],
  extend: [everyday("extend"), (id) => `/extend ${id} club 3 sorry for that`],
  revoke: [everyday("revoke"), (id) => `/revoke ${id} club shared the link`],
  reinstate: [everyday("reinstate"), (id) => `/reinstate ${id} club a mistake`],
  block: [everyday("block"), (id) => `/block ${id} a fraud it seems`],
  unblock: [everyday("clear-risk"), (id) => `/unblock ${id} not a fraud`],
  refund: [everyday("refund"), (_id, charge) => `/refund ${charge} keep asked by phone`],
  release: [everyday("release-removals"), () => "/release -1001000000001 3 they are right"],
};

describe("a command in the staff chat", () => {
  it.each(STAFF_COMMANDS)("/%s asks for the role that HTTP asks for", async (name) => {
    const [least, typed] = COMMANDS[name] ?? [];
    if (least === undefined || typed === undefined) throw new Error(`/${name} is not in the table`);
    for (const role of ADMIN_ROLES) {
      const said = await chat.hears(STAFF[role], typed(customer.id, customer.charge));
      if (mayDo(role, least)) expect(said, role).not.toMatch(/Нужна роль/);
      else expect(said, role).toContain(refusalFor(least));
      expect(said, role).not.toBe("");
    }
  });
});

const openTicket = async (text = "My secret is zebra-quay"): Promise<number> => {
  const someone = await scene.current.newcomer();
  await someone.says("/support");
  await someone.says(text);
  return chat.lastId();
};
const openList = async (): Promise<number> => {
  await openTicket();
  await chat.hears(STAFF.owner, "/tickets");
  return chat.lastId();
};
const openDraft = async (role: StaffRole): Promise<number> => {
  await chat.hears(STAFF[role], "Press the button", await openTicket());
  return chat.lastId();
};
const openOrder = async (role: StaffRole): Promise<number> => {
  const someone = await scene.current.newcomer();
  await someone.buysAndJoins("club-quarter");
  await chat.hears(STAFF[role], `/revoke ${someone.id} club shared the link`);
  return chat.lastId();
};
const openApproval = async (by: StaffRole): Promise<number> => {
  const someone = await scene.current.newcomer();
  const charge = await someone.buys("club-month");
  await chat.hears(STAFF[by], `/refund ${charge} revoke asked by phone`);
  await chat.feelsPress(STAFF[by], "v1:deskdo:", chat.lastId());
  return chat.lastId();
};

interface Button {
  readonly least: StaffRole;
  /** @returns the message whose button it is; of what only its author may press, theirs, or for who cannot make one, another's */
  readonly on: (role: StaffRole) => Promise<number>;
  readonly data?: string;
  readonly card?: "approval";
  /** What one who may not is told. */
  readonly refusal?: string;
}

const orAnother = (role: StaffRole): StaffRole => (role === "viewer" ? "support" : role);
const ticket = { on: () => openTicket() };
const BUTTONS: Readonly<Record<StaffPressEvent, Button>> = {
  deskanswer: { least: TICKET_ROUTES.answer.role, ...ticket },
  deskshow: { least: TICKET_ROUTES.read.role, ...ticket },
  deskwho: { least: TICKET_ROUTES.read.role, ...ticket },
  deskclose: { least: TICKET_ROUTES.close.role, ...ticket },
  deskopen: { least: TICKET_ROUTES.read.role, on: openList, data: "v1:deskopen:0" },
  desksend: { least: TICKET_ROUTES.answer.role, on: (role) => openDraft(orAnother(role)), refusal: "Подтверждает тот" },
  deskdo: { least: everyday("revoke"), on: (role) => openOrder(orAnother(role)), refusal: "Подтверждает тот" },
  deskcancel: { least: "support", on: () => openDraft("finance") },
  // At least the role of whoever asked, and nobody approves their own: what the owner asks for is nobody else's.
  deskapprove: { least: "owner", on: (role) => openApproval(role === "owner" ? "finance" : "owner"), card: "approval" },
  deskrefuse: { least: "finance", on: () => openApproval("finance"), card: "approval" },
};

describe("a button in the staff chat", () => {
  it.each(STAFF_PRESSES)("%s asks for the role that HTTP asks for", async (event) => {
    const { least, on, data = `v1:${event}:`, card, refusal = refusalFor(least) } = BUTTONS[event];
    for (const role of ADMIN_ROLES) {
      const said = await chat.feelsPress(STAFF[role], data, await on(role));
      if (mayDo(role, least)) expect(said, role).not.toMatch(/Нужна роль|Подтверждает тот/);
      // Approvals are the list's role first, then that of whoever asked.
      else expect(said, role).toContain(card === "approval" && role === "viewer" ? "Нужна роль support" : refusal);
    }
  });

  it("shows a viewer nothing of what a customer wrote, and sends and closes nothing of theirs", async () => {
    const anna = await scene.current.newcomer();
    await anna.says("/support");
    await anna.says("My secret is zebra-quay");
    const message = chat.lastId();
    const before = chat.texts().length;
    await chat.feelsPress(STAFF.viewer, "v1:deskshow:", message);
    await chat.feelsPress(STAFF.viewer, "v1:deskclose:", message);
    const said = await chat.hears(STAFF.viewer, "Answer of a viewer", message);
    expect(said).toContain(refusalFor(TICKET_ROUTES.answer.role));
    expect(chat.texts().slice(before).join()).not.toMatch(/zebra-quay|Answer of a viewer/);
    expect(await scene.current.ticketsOf(anna)).toHaveLength(1);
    const [address] = (await scene.current.stage.actorsOf(anna.person)).filter((a) => a.startsWith("ticket/"));
    expect(address && (await scene.current.stage.read(address))?.states).toEqual(["open"]);
  });

  it("lets the role of the approval's author or a higher one decide, and refuses a lower one", async () => {
    expect(APPROVAL_ROUTES.approve.role).toBe("support");
    const said = await chat.feelsPress(STAFF.support, "v1:deskapprove:", await openApproval("finance"));
    expect(said).toContain(refusalFor("finance"));
  });
});

itStaysWhole(scene);
