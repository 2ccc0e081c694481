// One measure over the days: its line, and the limits that it has to keep. The drawing is stretched to its place, texts stand beside it.

export interface CurvePoint {
  /** `YYYY-MM-DD`. */
  readonly date: string;
  /** null: undefined on that day; the line has a gap there. */
  readonly value: number | null;
  /** Said when the pointer rests on the day. */
  readonly text: string;
}

export interface CurveLimit {
  readonly tone: string;
  readonly value: number;
  readonly text: string;
}

const DAY_MS = 86_400_000;
/** Fewer days than this do not fill the width. */
const LEAST_DAYS = 14;
const HEIGHT = 100;
const EDGE = 3;

export function Curve({
  title,
  label,
  points,
  limits,
  isErrorMeasure = false,
}: {
  readonly title: string;
  /** All of it in a sentence, for whoever does not see it. */
  readonly label: string;
  /** Oldest first. */
  readonly points: readonly CurvePoint[];
  readonly limits: readonly CurveLimit[];
  /** The less the better, from 0; otherwise the more the better, up to 1. */
  readonly isErrorMeasure?: boolean;
}) {
  const numbers = [...points, ...limits].flatMap(({ value }) => (value === null ? [] : [value]));
  const [bottom, top] = isErrorMeasure
    ? [0, Math.max(0.01, ...numbers) * 1.1]
    : [Math.max(0, 1.15 * Math.min(0.99, ...numbers) - 0.15), 1];
  // A line at the very edge is not cut in half.
  const yOf = (value: number): number => EDGE + (HEIGHT - 2 * EDGE) * (1 - (value - bottom) / (top - bottom));
  const end = Date.parse(points.at(-1)?.date ?? "");
  const days = Math.max(LEAST_DAYS, (end - Date.parse(points[0]?.date ?? "")) / DAY_MS + 1);
  const xOf = (date: string): number => days - 1 - (end - Date.parse(date)) / DAY_MS;
  let line = "";
  let isOn = false;
  for (const { date, value } of points) {
    if (value !== null) line += `${isOn ? "L" : "M"}${xOf(date) + 0.5} ${yOf(value)}${isOn ? "" : "h0"}`;
    isOn = value !== null;
  }
  return (
    <figure class="curve">
      <figcaption>{title}</figcaption>
      <div class="plot">
        <svg role="img" aria-label={label} viewBox={`0 0 ${days} ${HEIGHT}`} preserveAspectRatio="none">
          {limits.map(({ tone, value }) => (
            <path key={tone} class={`limit ${tone}`} d={`M0 ${yOf(value)}H${days}`} />
          ))}
          <path class="line" d={line} />
          {points.map(({ date, text }) => (
            <rect key={date} x={xOf(date)} width={1} height={HEIGHT}>
              <title>{text}</title>
            </rect>
          ))}
        </svg>
        {limits.map(({ tone, value, text }) => (
          <span key={tone} class={tone} aria-hidden="true" style={{ top: `${yOf(value)}%` }}>
            {text}
          </span>
        ))}
      </div>
      <div class="row apart small quiet-text" aria-hidden="true">
        <span>{points[0]?.date}</span>
        <span>{points.at(-1)?.date}</span>
      </div>
    </figure>
  );
}
