// Executors for tests in which nothing may leave the service: whoever calls one has found a mistake in the test.
import { invocations } from "../../machines/invocations.ts";
import type { EffectTable, InvocationTable } from "../../src/effects/table.ts";

const notHere = (): never => {
  throw new Error("this test has no such executor");
};

export const noInvocations = Object.fromEntries(
  Object.keys(invocations).map((name) => [name, notHere]),
) as unknown as InvocationTable;

export const noOutsideEffects = {
  declineJoinRequest: notHere,
  revokeInviteLink: notHere,
  stopOldRenewal: notHere,
  dropSecret: notHere,
  erasePerson: notHere,
} satisfies Partial<EffectTable>;
