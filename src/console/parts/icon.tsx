// Drawn here: fonts of icons would be a request, and plain systems lack many glyphs.
const SHAPES = {
  search: "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9M10.5 10.5 14 14",
  left: "M10 3 5 8l5 5",
  up: "M3 10l5-5 5 5",
  down: "M3 6l5 5 5-5",
  right: "M6 3l5 5-5 5",
  next: "M3 3l5 5-5 5M9 3v10M12 3v10",
  clock: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2M8 5v3l2.5 2",
  play: "M4 3l9 5-9 5z",
  pause: "M5 3v10M11 3v10",
  help: "M6 6a2 2 0 1 1 2.6 1.9c-.4.2-.6.5-.6 1V10M8 12.5v.5",
  sun: "M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6M8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1M12 12l1 1M13 3l-1 1M4 12l-1 1",
  warn: "M8 2 1.5 13.5h13zM8 6.5v3.5M8 12v.2",
  check: "M3 8.5 6.5 12 13 4.5",
  close: "M3.5 3.5l9 9M12.5 3.5l-9 9",
  menu: "M2 4h12M2 8h12M2 12h12",
  link: "M6.5 9.5l3-3M7 5l1.5-1.5a2.8 2.8 0 0 1 4 4L11 9M9 11l-1.5 1.5a2.8 2.8 0 0 1-4-4L5 7",
  skip: "M2.5 3.5 7 8l-4.5 4.5zM7.5 3.5 12 8l-4.5 4.5zM13.5 3.5v9",
  chat: "M2.5 3h11v8h-6l-3 2.5V11h-2z",
  lock: "M4 7.5h8V13H4zM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5",
  trash: "M3 4.5h10M6.5 4.5V3h3v1.5M4.5 4.5 5 13h6l.5-8.5",
  wand: "M3 13 10 6M11.5 2v3M10 3.5h3M13 8v2M12 9h2",
  send: "M2 8l12-5-4 11-3-4z",
} as const;

export type IconName = keyof typeof SHAPES;

/** Decorative: the label stands beside it or in the button's `aria-label`. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <path
        d={SHAPES[name]}
        fill="none"
        stroke="currentColor"
        stroke-width="1.6"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}
