// Said before it is refused: which role something is for.
import type { ComponentChildren } from "preact";
import { type Role, useMay } from "../roles.ts";
import { fill, useWords, words } from "../words.ts";

const TEXTS = words({
  en: { needs: "Needs the role {role}" },
  ru: { needs: "Нужна роль {role}" },
});

/** Beside a button that cannot be pressed for want of a role. */
export function NeedsRole({ role }: { readonly role: Role }) {
  const t = useWords(TEXTS);
  return <span class="missing">{fill(t.needs, { role })}</span>;
}

/** A link that looks like a button; for others than these a button that cannot be pressed, and why. */
export function LinkFor({
  least,
  href,
  small = false,
  primary = false,
  children,
}: {
  /** The least one. */
  readonly least: Role;
  readonly href: string;
  readonly small?: boolean;
  readonly primary?: boolean;
  readonly children: ComponentChildren;
}) {
  const may = useMay(least);
  const looks = `${small ? "small" : ""} ${primary ? "primary" : ""}`;
  if (may)
    return (
      <a class={`button ${looks}`} href={href}>
        {children}
      </a>
    );
  return (
    <>
      <NeedsRole role={least} />
      <button type="button" class={looks} disabled>
        {children}
      </button>
    </>
  );
}
