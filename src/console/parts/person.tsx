import type { Person } from "../../support/answers/actors.ts";

/** "Anna · 7000001 · @anna", as far as it is known; a link to the person's page. */
export function PersonLink({ person }: { readonly person: Person | null }) {
  if (!person) return <span>—</span>;
  return (
    <a href={`/console/customers/${person.userId}`} data-user={person.userId}>
      {person.name && <span>{person.name} · </span>}
      <code>{person.userId}</code>
      {person.username && <span> · @{person.username}</span>}
    </a>
  );
}
