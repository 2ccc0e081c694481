// Commands that want a word before they run: why, and for many actors how many.
import type { ComponentChildren } from "preact";
import { useId, useState } from "preact/hooks";
import { ApiError, newKey } from "../api.ts";
import { isConfirmed } from "../confirmed.ts";
import { fill, useWords, words } from "../words.ts";
import { Dialog } from "./dialog.tsx";
import { ProblemNote } from "./feedback.tsx";

const TEXTS = words({
  en: {
    cancel: "Cancel",
    reason: "Reason (goes to the audit log)",
    reasonHint: "At least 5 characters. No names and no texts of customers: it stays for ever.",
    number: "Type {n} to confirm",
    working: "Working…",
    missingNumber: "Missing: the number",
    missingReason: "Missing: a reason of at least 5 characters",
  },
  ru: {
    cancel: "Отмена",
    reason: "Причина (попадёт в журнал)",
    reasonHint: "Не короче 5 знаков. Без имён и слов клиентов: запись остаётся навсегда.",
    number: "Введите {n}, чтобы подтвердить",
    working: "Выполняем…",
    missingNumber: "Не хватает числа",
    missingReason: "Не хватает причины: не короче 5 знаков",
  },
});

export interface Command {
  readonly reason: string;
  /** The same for all attempts of one dialog. */
  readonly idempotencyKey: string;
}

export function Confirm({
  title,
  verb,
  danger = false,
  count = null,
  run,
  onDone,
  onClose,
  children,
}: {
  readonly title: string;
  /** What the button says: the deed, not "OK". */
  readonly verb: string;
  readonly danger?: boolean;
  /** The number that has to be typed; null: none. */
  readonly count?: number | null;
  readonly run: (command: Command) => Promise<unknown>;
  readonly onDone: () => void;
  readonly onClose: () => void;
  readonly children?: ComponentChildren;
}) {
  const t = useWords(TEXTS);
  const reasonId = useId();
  const numberId = useId();
  const [reason, setReason] = useState("");
  const [typed, setTyped] = useState("");
  const [key] = useState(newKey);
  const [working, setWorking] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const isReady = isConfirmed(reason, typed, count) && !working;
  const isNumberMissing = count !== null && typed.trim() !== String(count);

  const go = async () => {
    setWorking(true);
    setError(null);
    try {
      await run({ reason: reason.trim(), idempotencyKey: key });
      onDone();
    } catch (failure) {
      setError(failure instanceof ApiError ? failure : new ApiError({ status: 0, detail: String(failure) }));
      setWorking(false);
    }
  };

  return (
    <Dialog
      title={title}
      onClose={onClose}
      foot={
        <>
          {!isReady && !working && <span class="missing">{isNumberMissing ? t.missingNumber : t.missingReason}</span>}
          <button type="button" onClick={onClose}>
            {t.cancel}
          </button>
          <button type="button" class={danger ? "danger" : "primary"} disabled={!isReady} onClick={() => void go()}>
            {working ? t.working : verb}
          </button>
        </>
      }
    >
      {children}
      {count !== null && (
        <div class="labeled">
          <label for={numberId}>{fill(t.number, { n: count })}</label>
          <input
            id={numberId}
            inputMode="numeric"
            autocomplete="off"
            value={typed}
            onInput={(event) => setTyped(event.currentTarget.value)}
          />
        </div>
      )}
      <div class="labeled">
        <label for={reasonId}>{t.reason}</label>
        <textarea
          id={reasonId}
          rows={2}
          maxLength={500}
          aria-describedby={`${reasonId}-hint`}
          value={reason}
          onInput={(event) => setReason(event.currentTarget.value)}
        />
        <span id={`${reasonId}-hint`} class="small quiet-text">
          {t.reasonHint}
        </span>
      </div>
      {error && <ProblemNote error={error} />}
    </Dialog>
  );
}
