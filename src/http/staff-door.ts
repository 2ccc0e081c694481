// Who calls the admin API, and what their role allows.
import type { FastifyRequest } from "fastify";
import type { StaffRole } from "../../machines/definition.ts";
import { AppError } from "../errors.ts";
import { mayDo, type StaffMember } from "../support/staff.ts";
import { callerAddress, isOfThisMachine } from "./caller.ts";
import { makeLockOut } from "./lock-out.ts";
import { isToken } from "./secrets.ts";

export interface StaffDoorDeps {
  readonly tokens: readonly { readonly name: string; readonly role: StaffRole; readonly sha256: string }[];
  /** Only in the sandbox: programs of this machine, and its own pages, need no token. */
  readonly openToLoopback: boolean;
  /** Epoch ms. */
  readonly wallClock: () => number;
}

export interface StaffDoor {
  /**
   * For a route's `onRequest`: before the body is read, so that a stranger costs nothing but this.
   * @throws AppError http.unauthorized, http.lockedOut, http.forbidden
   */
  atLeast(role: StaffRole): (request: FastifyRequest) => Promise<void>;
  /** Whom `atLeast` let in. */
  member(request: FastifyRequest): StaffMember;
}

export function makeStaffDoor({ tokens, openToLoopback, wallClock }: StaffDoorDeps): StaffDoor {
  const lockOut = makeLockOut(wallClock);
  const members = new WeakMap<FastifyRequest, StaffMember>();

  const recognise = (request: FastifyRequest): StaffMember | null => {
    const [, token] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? "") ?? [];
    if (token === undefined)
      return openToLoopback && isOfThisMachine(request) ? { name: "sandbox", role: "owner" } : null;
    const address = callerAddress(request);
    const waitMs = lockOut.waitMs(address);
    // The right token has to wait as well, or guessing would go on at full speed.
    if (waitMs > 0) throw new AppError("http.lockedOut", { details: { retryAfterSeconds: Math.ceil(waitMs / 1_000) } });
    const known = tokens.find(({ sha256 }) => isToken(token, sha256));
    if (!known) lockOut.wrong(address);
    return known ? { name: known.name, role: known.role } : null;
  };

  return {
    atLeast: (role) => async (request) => {
      const member = recognise(request);
      if (!member) throw new AppError("http.unauthorized");
      if (!mayDo(member.role, role)) throw new AppError("http.forbidden");
      members.set(request, member);
    },
    member(request) {
      const member = members.get(request);
      if (!member) throw new AppError("http.unauthorized");
      return member;
    },
  };
}
