// Who calls the admin API, and what their role allows.
import type { FastifyRequest } from "fastify";
import type { StaffRole } from "../../machines/definition.ts";
import { AppError } from "../errors.ts";
import { mayDo, roleMissing, type StaffMember } from "../support/staff.ts";
import { callerAddress, isOfThisMachine } from "./caller.ts";
import { makeLockOut } from "./lock-out.ts";
import { isToken } from "./secrets.ts";
import type { Sessions, StaffToken } from "./sessions.ts";

/** The cookie in which a session of the console comes back. */
export const SESSION_COOKIE = "console_session";

export interface StaffDoorDeps {
  readonly tokens: readonly StaffToken[];
  /** Only in the sandbox: programs of this machine, and its own pages, need no token. */
  readonly openToLoopback: boolean;
  /** Epoch ms. */
  readonly wallClock: () => number;
}

export interface StaffDoor {
  /**
   * For a route's `onRequest`: before the body is read, so that a stranger costs nothing but this.
   * @throws AppError http.unauthorized, http.noStaff, http.lockedOut, http.forbidden
   */
  atLeast(role: StaffRole): (request: FastifyRequest) => Promise<void>;
  /** Whom `atLeast` let in. */
  member(request: FastifyRequest): StaffMember;
  /** Whose token this is. @throws AppError http.unauthorized, http.noStaff, http.lockedOut */
  tokenOf(request: FastifyRequest, token: string): StaffToken;
  /** Whether anybody at all could come in this way. @throws AppError http.noStaff */
  mustHaveStaff(request: FastifyRequest): void;
}

export function makeStaffDoor(
  { tokens, openToLoopback, wallClock }: StaffDoorDeps,
  sessions: Pick<Sessions, "read">,
): StaffDoor {
  const lockOut = makeLockOut(wallClock);
  const members = new WeakMap<FastifyRequest, StaffMember>();
  const isSandboxVisitor = (request: FastifyRequest) => openToLoopback && isOfThisMachine(request);
  const stranger = () => new AppError(tokens.length === 0 ? "http.noStaff" : "http.unauthorized");

  const tokenOf = (request: FastifyRequest, token: string): StaffToken => {
    const address = callerAddress(request);
    const waitMs = lockOut.waitMs(address);
    // The right token has to wait as well, or guessing would go on at full speed.
    if (waitMs > 0) throw new AppError("http.lockedOut", { details: { retryAfterSeconds: Math.ceil(waitMs / 1_000) } });
    const known = tokens.find(({ sha256 }) => isToken(token, sha256));
    if (known) return known;
    lockOut.wrong(address);
    throw stranger();
  };

  const recognise = async (request: FastifyRequest): Promise<StaffMember | null> => {
    const [, token] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? "") ?? [];
    if (token !== undefined) {
      const { name, role } = tokenOf(request, token);
      return { name, role };
    }
    const cookie = request.cookies[SESSION_COOKIE];
    const member = cookie === undefined ? null : await sessions.read(cookie);
    return member ?? (isSandboxVisitor(request) ? { name: "sandbox", role: "owner" } : null);
  };

  return {
    tokenOf,
    atLeast: (role) => async (request) => {
      const member = await recognise(request);
      if (!member) throw stranger();
      if (!mayDo(member.role, role)) throw roleMissing(role);
      members.set(request, member);
    },
    member(request) {
      const member = members.get(request);
      if (!member) throw new AppError("http.unauthorized");
      return member;
    },
    mustHaveStaff(request) {
      if (tokens.length === 0 && !isSandboxVisitor(request)) throw new AppError("http.noStaff");
    },
  };
}
