// Two persons for what is too much for one: what waits, and the second person's word.
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { ApprovalList, Decided } from "../support/answers/desk.ts";
import type { Approvals } from "../support/approvals.ts";
import { LEAST_ROLES } from "../support/staff.ts";
import { parsed, Reason } from "./parse-request.ts";
import { type AdminRoutes, addRoute } from "./route.ts";
import type { StaffDoor } from "./staff-door.ts";

export interface ApprovalsDeps {
  readonly approvals: Approvals;
}

const Params = z.object({ id: z.string().regex(/^[0-9a-f]{1,64}$/, "expected the id of an approval") });
const DecisionBody = z.strictObject({ reason: Reason });

const ERRORS = ["approval.notFound", "approval.decided", "approval.expired"] as const;

export const APPROVAL_ROUTES = {
  list: {
    method: "GET",
    path: "/api/v1/approvals",
    role: LEAST_ROLES.approvals,
    does: "What waits for a second person, and what became of it; kept for 30 days.",
    answers:
      "`{approvals: [{id, kind, title, address, event, count, reason, askedBy, askedRole, askedAt, endsAt, state, decidedBy, decidedAt, note}]}`, newest first",
    answer: ApprovalList,
    twin: "/approvals",
  },
  approve: {
    method: "POST",
    path: "/api/v1/approvals/:id/approve",
    role: LEAST_ROLES.approvals,
    does: "Approves what somebody else asked for, and does it: at once, and once. Needs at least the role of whoever asked.",
    answers: "`{approval, sent, done}`: `sent` says what became of one event, `done` of a command to many actors",
    answer: Decided,
    body: DecisionBody,
    errors: ["approval.own", ...ERRORS],
  },
  refuse: {
    method: "POST",
    path: "/api/v1/approvals/:id/refuse",
    role: LEAST_ROLES.approvals,
    does: "Refuses it: nothing is done. Whoever asked may take it back the same way.",
    answers: "`{approval, sent, done}`, the last two null",
    answer: Decided,
    body: DecisionBody,
    errors: ERRORS,
  },
} as const satisfies AdminRoutes;

export function registerApprovals(server: FastifyInstance, door: StaffDoor, { approvals }: ApprovalsDeps): void {
  const idIn = (request: FastifyRequest): string => parsed(Params, request.params).id;

  addRoute(server, door, APPROVAL_ROUTES.list, async () => ({ approvals: await approvals.list() }));

  addRoute(server, door, APPROVAL_ROUTES.approve, async (request) => {
    const { reason } = parsed(DecisionBody, request.body);
    const { approval, carried } = await approvals.approve(idIn(request), door.member(request), reason);
    return { approval, sent: null, done: null, ...carried };
  });

  addRoute(server, door, APPROVAL_ROUTES.refuse, async (request) => {
    const { reason } = parsed(DecisionBody, request.body);
    return { approval: await approvals.refuse(idIn(request), door.member(request), reason), sent: null, done: null };
  });
}
