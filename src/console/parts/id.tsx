// Ids are the same text in URL, log and audit: monospaced, and copied with one press.
import { useState } from "preact/hooks";
import { actorPath } from "../api.ts";
import { useWords, words } from "../words.ts";

const TEXTS = words({
  en: { copy: "Copy", copied: "Copied" },
  ru: { copy: "Скопировать", copied: "Скопировано" },
});

export function CopyButton({ text, label }: { readonly text: string; readonly label?: string }) {
  const t = useWords(TEXTS);
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 2_000);
  };
  return (
    <button type="button" class="quiet" aria-label={`${label ?? t.copy}: ${text}`} onClick={() => void copy()}>
      {copied ? t.copied : (label ?? t.copy)}
    </button>
  );
}

export function Id({ text, copy = false }: { readonly text: string; readonly copy?: boolean }) {
  return (
    <span class="id" data-id={text}>
      <code>{text}</code>
      {copy && <CopyButton text={text} />}
    </span>
  );
}

/** An actor's address as a link to its page. */
export function ActorLink({
  address,
  seq,
  label,
}: {
  readonly address: string;
  /** The event to look at. */
  readonly seq?: number | null;
  /** Instead of the address, where that stands beside it. */
  readonly label?: string;
}) {
  const path = actorPath(address);
  return (
    <a class="id" href={seq ? `${path}/events/${seq}` : path} data-address={address}>
      {label ?? <code>{address}</code>}
      {seq ? ` #${seq}` : ""}
    </a>
  );
}
