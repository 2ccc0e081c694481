// A scenario comes in as text; and what could not be copied is there to be selected.
import { useState } from "preact/hooks";
import { ApiError } from "../api.ts";
import { Dialog } from "../parts/dialog.tsx";
import { ProblemNote } from "../parts/feedback.tsx";
import { fill, useWords } from "../words.ts";
import { replay } from "./store.ts";
import { TEXTS } from "./words.ts";

export function ReplayDialog({ onClose }: { readonly onClose: () => void }) {
  const t = useWords(TEXTS);
  const [text, setText] = useState("");
  const [error, setError] = useState<ApiError | null>(null);
  const start = async () => {
    try {
      await replay(JSON.parse(text));
      onClose();
    } catch (why) {
      const detail = why instanceof SyntaxError ? fill(t.noJson, { why: why.message }) : String(why);
      setError(why instanceof ApiError ? why : new ApiError({ status: 0, detail }));
    }
  };
  return (
    <Dialog
      title={t.replay}
      onClose={onClose}
      foot={
        <>
          <button type="button" onClick={onClose}>
            {t.cancel}
          </button>
          <button type="button" class="primary" disabled={text.trim() === ""} onClick={() => void start()}>
            {t.replayIt}
          </button>
        </>
      }
    >
      <p>{t.replayIntro}</p>
      <label class="field">
        {t.replayText}
        <textarea rows={8} value={text} onInput={({ currentTarget }) => setText(currentTarget.value)} />
      </label>
      {error && <ProblemNote error={error} />}
    </Dialog>
  );
}

export function UncopiedDialog({ text, onClose }: { readonly text: string; readonly onClose: () => void }) {
  const t = useWords(TEXTS);
  return (
    <Dialog
      title={t.notCopied}
      onClose={onClose}
      foot={
        <button type="button" onClick={onClose}>
          {t.close}
        </button>
      }
    >
      <label class="field">
        {t.copyByHand}
        <textarea rows={8} readOnly value={text} onFocus={({ currentTarget }) => currentTarget.select()} />
      </label>
    </Dialog>
  );
}
