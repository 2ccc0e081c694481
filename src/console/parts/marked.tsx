// A line of text in which only `code` is marked up.

export function Marked({ text }: { readonly text: string }) {
  // Odd parts stood between backticks.
  return <>{text.split("`").map((part, at) => (at % 2 === 1 ? <code key={at}>{part}</code> : part))}</>;
}
