// What every command to an actor has around it: the preview, the reason, the button that names the verb.
import type { ComponentChildren } from "preact";
import { useId, useState } from "preact/hooks";
import { Chip } from "../parts/chips.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { ProblemNote } from "../parts/feedback.tsx";
import { fill, useWords, words } from "../words.ts";
import { PlanView } from "./plan-view.tsx";
import { type Command, isReason, type Outcome, REASON_LEAST } from "./use-command.ts";

const TEXTS = words({
  en: {
    preview: "preview — nothing has changed yet",
    reason: "Reason (goes to the audit log)",
    reasonTold: "Reason (the customer reads it; goes to the audit log)",
    short: "At least {least} characters; no names, no texts of customers.",
    cancel: "Cancel",
    close: "Close",
    looking: "Looking what would happen…",
    stale: "This actor has moved on since you looked. Nothing was sent; look again, then decide again.",
    look: "Look again",
    approval: "Asked for: somebody else has to approve it before anything happens.",
    approvals: "To the approvals",
    ignored: "The actor had no use for it: nothing has changed.",
    duplicate: "This command was carried out before; it was not done twice.",
    missingPlan: "Missing: the preview",
    missingUse: "The actor has no use for it now",
    missingReason: "Missing: a reason of at least {least} characters",
  },
  ru: {
    preview: "предпросмотр — пока ничего не изменилось",
    reason: "Причина (попадёт в журнал)",
    reasonTold: "Причина (её прочтёт клиент; попадёт в журнал)",
    short: "Не меньше {least} символов; без имён и текстов клиентов.",
    cancel: "Отмена",
    close: "Закрыть",
    looking: "Смотрим, что произойдёт…",
    stale: "Пока вы смотрели, актор изменился. Ничего не отправлено; посмотрите ещё раз и решите заново.",
    look: "Посмотреть ещё раз",
    approval: "Запрос отправлен: пока кто-то другой его не согласует, ничего не произойдёт.",
    approvals: "К согласованиям",
    ignored: "Актору это событие не понадобилось: ничего не изменилось.",
    duplicate: "Эта команда уже выполнена; второй раз она не выполнялась.",
    missingPlan: "Не хватает предпросмотра",
    missingUse: "Сейчас это актору не нужно",
    missingReason: "Не хватает причины: не короче {least} символов",
  },
});

export function CommandDialog({
  title,
  verb,
  command,
  isDanger,
  isReady,
  missing,
  movedTo,
  startsAtReason = false,
  reasonIsTold = false,
  onLookAgain,
  onClose,
  onDone,
  children,
}: {
  readonly title: string;
  /** On the button: "Send access.revoked". */
  readonly verb: string;
  readonly command: Command;
  readonly isDanger: boolean;
  /** Whether what is asked for is complete and allowed. */
  readonly isReady: boolean;
  /** What is not, in words. */
  readonly missing: string;
  /** Sequence number of the newest event of the actor that is known by now. */
  readonly movedTo: number;
  /** Whether the reason is all that is missing. */
  readonly startsAtReason?: boolean;
  /** Whether the customer reads it. */
  readonly reasonIsTold?: boolean;
  /** Besides looking at the plan again. */
  readonly onLookAgain: () => void;
  readonly onClose: () => void;
  readonly onDone: (outcome: Outcome) => void;
  readonly children: ComponentChildren;
}) {
  const t = useWords(TEXTS);
  const field = useId();
  const [ended, setEnded] = useState<Outcome | null>(null);
  const { plan, problem, isBusy, reason, setReason } = command;
  const hasMovedOn = plan !== null && movedTo > plan.expectedSeq && !isBusy;
  const isStale = command.isStale || hasMovedOn;
  const carryOut = async () => {
    const outcome = await command.carryOut();
    if (outcome === null) return;
    if ("sent" in outcome && outcome.sent.outcome === "applied") onDone(outcome);
    else setEnded(outcome);
  };
  const canSend =
    isReady && plan !== null && plan.step.outcome === "applied" && isReason(reason) && !isBusy && !hasMovedOn;
  const lacking = (): string | null => {
    if (canSend || isBusy) return null;
    if (!isReady) return missing;
    if (plan === null) return t.missingPlan;
    if (plan.step.outcome !== "applied") return t.missingUse;
    return hasMovedOn ? t.look : fill(t.missingReason, { least: REASON_LEAST });
  };
  if (ended) return <Ended title={title} outcome={ended} onClose={() => onDone(ended)} />;
  return (
    <Dialog
      title={title}
      badge={<Chip text={t.preview} tone="warn" />}
      onClose={onClose}
      foot={
        <>
          <span class="missing">{lacking()}</span>
          <button type="button" onClick={onClose}>
            {t.cancel}
          </button>
          <button type="submit" form={`${field}-form`} class={isDanger ? "danger" : "primary"} disabled={!canSend}>
            {verb}
          </button>
        </>
      }
    >
      {children}
      <div aria-live="polite" aria-busy={isReady && !plan && !problem}>
        {plan && <PlanView plan={plan} />}
        {isReady && !plan && !problem && <p class="quiet-text">{t.looking}</p>}
      </div>
      {isStale ? (
        <div class="note warn stack tight" role="alert">
          <p>{t.stale}</p>
          <p>
            <button
              type="button"
              onClick={() => {
                onLookAgain();
                command.look();
              }}
            >
              {t.look}
            </button>
          </p>
        </div>
      ) : (
        problem && <ProblemNote error={problem} onAgain={plan ? () => void carryOut() : command.look} />
      )}
      <form
        id={`${field}-form`}
        class="stack tight"
        onSubmit={(event) => {
          event.preventDefault();
          if (canSend) void carryOut();
        }}
      >
        <label for={field}>{reasonIsTold ? t.reasonTold : t.reason}</label>
        <textarea
          id={field}
          name="reason"
          rows={2}
          maxLength={500}
          autofocus={startsAtReason}
          required
          minLength={REASON_LEAST}
          aria-describedby={`${field}-short`}
          value={reason}
          onInput={(event) => setReason(event.currentTarget.value)}
        />
        <p class="small quiet-text" id={`${field}-short`}>
          {fill(t.short, { least: REASON_LEAST })}
        </p>
      </form>
    </Dialog>
  );
}

function Ended({
  title,
  outcome,
  onClose,
}: {
  readonly title: string;
  readonly outcome: Outcome;
  readonly onClose: () => void;
}) {
  const t = useWords(TEXTS);
  const isAsked = "approval" in outcome;
  return (
    <Dialog
      title={title}
      onClose={onClose}
      foot={
        <button type="button" class="primary" onClick={onClose}>
          {t.close}
        </button>
      }
    >
      <div role="status" class="stack tight">
        {isAsked ? (
          <>
            <p>{t.approval}</p>
            <p>
              <a href={`/console/approvals#${outcome.approval.id}`}>{t.approvals}</a>
            </p>
          </>
        ) : (
          <p>{outcome.sent.outcome === "duplicate" ? t.duplicate : t.ignored}</p>
        )}
      </div>
    </Dialog>
  );
}
