import type { EffectKind } from "../../machines/effects.ts";
import type { InvocationName } from "../../machines/invocations.ts";
import { ANSWER_TIMEOUT_MS, RETRY_ATTEMPTS, RETRY_WAITS_MS } from "../backend/contract/limits.ts";
import type { RetryPolicy } from "./executor.ts";

const seconds = 1_000;
const minutes = 60 * seconds;

/** Events between actors stay inside: they fail only while Redis does, so they are repeated for hours. */
const inside: RetryPolicy = { attempts: 500, firstWaitMs: 100, maxWaitMs: 30 * seconds, timeoutMs: 20 * seconds };
/** A customer waits for it in front of the screen, and the machine has its own slower second round. */
const prompt: RetryPolicy = { attempts: 6, firstWaitMs: 1 * seconds, maxWaitMs: 20 * seconds, timeoutMs: 15 * seconds };
/** Nobody waits: patient. */
const patient: RetryPolicy = {
  attempts: 12,
  firstWaitMs: 2 * seconds,
  maxWaitMs: 5 * minutes,
  timeoutMs: 15 * seconds,
};
/** Money: patient, and told to a person when it fails. */
const money: RetryPolicy = { attempts: 10, firstWaitMs: 2 * seconds, maxWaitMs: 2 * minutes, timeoutMs: 15 * seconds };

/** The product backend, as its contract has it; a machine has slower rounds of its own. */
const backend = {
  attempts: RETRY_ATTEMPTS,
  firstWaitMs: RETRY_WAITS_MS[0],
  waitsMs: RETRY_WAITS_MS,
  maxWaitMs: RETRY_WAITS_MS[3],
  // Longer than the client's own limits for connecting and answering.
  timeoutMs: ANSWER_TIMEOUT_MS.usual + 10 * seconds,
} as const satisfies RetryPolicy;

/** A kind without a policy does not compile. docs/errors.md names them. */
export const retryPolicies = {
  tell: inside,
  broadcast: { ...inside, timeoutMs: 10 * minutes },
  notifyCustomer: patient,
  notifyStaff: patient,
  recordLedger: inside,
  declineJoinRequest: prompt,
  revokeInviteLink: patient,
  stopOldRenewal: money,
  createInvite: prompt,
  approveJoinRequest: prompt,
  removeMember: prompt,
  checkMembership: patient,
  refundCharge: money,
  editStarSubscription: money,
  inspectChannel: prompt,
  dropSecret: inside,
  erasePerson: { ...patient, timeoutMs: 2 * minutes },
  registerSpreadsheet: backend,
  addToken: backend,
  verifyToken: backend,
  requestRefresh: backend,
  startCollection: { ...backend, timeoutMs: ANSWER_TIMEOUT_MS.collection + 30 * seconds },
  readJob: backend,
  setDatasetSource: backend,
  readRows: { ...backend, timeoutMs: ANSWER_TIMEOUT_MS.rows + 15 * seconds },
} as const satisfies Record<EffectKind | InvocationName, RetryPolicy>;
