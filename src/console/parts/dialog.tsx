// The browser's own dialog: Esc closes, focus goes in and comes back.
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";

export function Dialog({
  title,
  badge,
  onClose,
  children,
  foot,
}: {
  readonly title: string;
  readonly badge?: ComponentChildren;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
  readonly foot: ComponentChildren;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const opener = document.activeElement;
    const shown = dialog.current;
    shown?.showModal();
    return () => {
      // While it is open nothing behind it can be focused.
      shown?.close();
      if (opener instanceof HTMLElement) opener.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <header class="row">
        <h2 id={heading}>{title}</h2>
        {badge}
      </header>
      <div class="body">{children}</div>
      <footer class="row end">{foot}</footer>
    </dialog>
  );
}
