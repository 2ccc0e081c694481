// Whether the history of one actor is whole, said plainly.
import { useEffect, useState } from "preact/hooks";
import type { Verification } from "../../support/answers/incidents.ts";
import { ApiError, actorPath, read } from "../api.ts";
import { verdict } from "../chain-verdict.ts";
import { Note, ProblemNote } from "../parts/feedback.tsx";
import { Icon } from "../parts/icon.tsx";
import { usePreference } from "../preferences.ts";
import { fill, useWords, words } from "../words.ts";

const TEXTS = words({
  en: { verify: "Check the chain of {address}" },
  ru: { verify: "Проверить цепочку {address}" },
});

export function ChainCheck({ address }: { readonly address: string }) {
  const t = useWords(TEXTS);
  const language = usePreference("language");
  const [found, setFound] = useState<Verification | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  useEffect(() => {
    setFound(null);
    setError(null);
  }, [address]);
  const check = async () => {
    try {
      setFound(await read<Verification>(`${actorPath(address, "/api/v1/actors")}/verify`));
      setError(null);
    } catch (failure) {
      if (!(failure instanceof ApiError)) throw failure;
      setFound(null);
      setError(failure);
    }
  };
  return (
    <div class="stack">
      <div>
        <button type="button" onClick={() => void check()}>
          <Icon name="check" /> {fill(t.verify, { address })}
        </button>
      </div>
      <div role="status">{found && <Note tone={found.ok ? "good" : "bad"}>{verdict(found, language)}</Note>}</div>
      {error && <ProblemNote error={error} />}
    </div>
  );
}
