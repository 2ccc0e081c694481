// A command of a person to one actor: looked at first, then meant. One key each, so that a lost answer is repeated and not done twice.
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { Plan, Sent } from "../../support/answers/actors.ts";
import type { Approval } from "../../support/answers/people.ts";
import { ApiError, newKey, send } from "../api.ts";

export const REASON_LEAST = 5;
const REASON_MOST = 500;
/** Typing in a form is over after this. Unit: milliseconds. */
const PAUSE_MS = 200;

export type Outcome = { readonly sent: Sent } | { readonly approval: Approval };

export interface Command {
  readonly plan: Plan | null;
  /** Why there is no plan, or why the command was refused. */
  readonly problem: ApiError | null;
  /** It moved on meanwhile: what was looked at is no longer what would happen. */
  readonly isStale: boolean;
  readonly isBusy: boolean;
  /** Looks again at what would happen now. */
  readonly look: () => void;
  readonly reason: string;
  readonly setReason: (reason: string) => void;
  readonly carryOut: () => Promise<Outcome | null>;
}

export const isReason = (text: string): boolean =>
  text.trim().length >= REASON_LEAST && text.trim().length <= REASON_MOST;

/**
 * @param body what is asked for; null: not complete yet
 * @param reasonIsTold whether the customer reads the reason: then it is looked at again with what was typed
 */
export function useCommand(
  path: string,
  body: Readonly<Record<string, unknown>> | null,
  reasonIsTold = false,
): Command {
  const [plan, setPlan] = useState<Plan | null>(null);
  const [problem, setProblem] = useState<ApiError | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [round, setRound] = useState(0);
  const [reason, setReason] = useState("");
  const key = useRef(newKey());
  const lookedAt = useRef("");
  const asked = body === null ? null : JSON.stringify(body);
  const told = reasonIsTold && isReason(reason) ? reason.trim() : undefined;

  useEffect(() => {
    const question = `${path} ${round} ${asked}`;
    const isSame = lookedAt.current === question;
    lookedAt.current = question;
    if (!isSame) {
      setPlan(null);
      setProblem(null);
    }
    if (asked === null) return;
    let isOver = false;
    const looking = setTimeout(async () => {
      try {
        const seen = await send<Plan>(path, { ...JSON.parse(asked), reason: told, dryRun: true });
        // Words alone never bring another plan: whoever looks again does so knowingly.
        if (!isOver) setPlan((before) => (before ? withWordsOf(before, seen) : seen));
      } catch (error) {
        if (!isOver) setProblem(asApiError(error));
      }
    }, PAUSE_MS);
    return () => {
      isOver = true;
      clearTimeout(looking);
    };
    // `round`: looking again is the same question at another time.
  }, [path, asked, round, told]);

  const look = useCallback(() => setRound((before) => before + 1), []);
  const carryOut = async (): Promise<Outcome | null> => {
    if (body === null || plan === null) return null;
    setBusy(true);
    setProblem(null);
    try {
      const answer = await send<Sent | { readonly approval: Approval }>(path, {
        ...body,
        reason: reason.trim(),
        idempotencyKey: key.current,
        expectedSeq: plan.expectedSeq,
        planHash: plan.planHash,
      });
      return "approval" in answer ? { approval: answer.approval } : { sent: answer };
    } catch (error) {
      const refusal = asApiError(error);
      // Refused means that nothing was done: what is sent next is another command. After silence it is the same one.
      if (refusal.status >= 400 && refusal.status < 500) key.current = newKey();
      setProblem(refusal);
      return null;
    } finally {
      setBusy(false);
    }
  };

  const isStale = problem?.code === "actor.staleRevision" || problem?.code === "actor.planChanged";
  return { plan, problem, isStale, isBusy, look, reason, setReason, carryOut };
}

const withWordsOf = (plan: Plan, other: Plan): Plan =>
  plan.planHash === other.planHash ? { ...plan, told: other.told } : plan;

function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return new ApiError({ status: 0, detail: error instanceof Error ? error.message : String(error) });
}
