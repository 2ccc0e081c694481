// What a drill found: times, and whether the promises of docs/slo.md hold.

/** Units: milliseconds. */
export interface Times {
  readonly preCheckout: readonly number[];
  readonly paidToLink: readonly number[];
  readonly paidToMember: readonly number[];
  readonly grantToLink: readonly number[];
  readonly revokeToRemoved: readonly number[];
}

export interface Found {
  readonly times: Times;
  readonly payments: { readonly tried: number; readonly succeeded: number };
  readonly cycles: { readonly tried: number; readonly succeeded: number };
  readonly preCheckoutTimeouts: number;
  readonly doubleActivations: number;
  /** What went wrong, one sentence each. */
  readonly troubles: readonly string[];
}

export interface Spread {
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
}

export interface Promised {
  readonly promise: string;
  readonly target: string;
  readonly found: string;
  readonly kept: boolean;
}

export interface Report {
  readonly ok: boolean;
  readonly promises: readonly Promised[];
  /** Units: milliseconds. null: nothing was measured. */
  readonly times: Readonly<Record<keyof Times, Spread | null>>;
  readonly payments: Found["payments"];
  readonly cycles: Found["cycles"];
  readonly troubles: readonly string[];
}

const ACCESS_MS = 60_000;
const SUCCESS = 0.97;

/** Nearest rank: a time that was measured, not one between two. */
export function spreadOf(times: readonly number[]): Spread | null {
  const sorted = [...times].sort((a, b) => a - b);
  const rank = (part: number) => Math.round(sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? 0);
  return sorted.length === 0 ? null : { count: sorted.length, p50: rank(0.5), p95: rank(0.95), max: rank(1) };
}

export function reportOf({ times, payments, cycles, preCheckoutTimeouts, doubleActivations, troubles }: Found): Report {
  const spreads = {
    preCheckout: spreadOf(times.preCheckout),
    paidToLink: spreadOf(times.paidToLink),
    paidToMember: spreadOf(times.paidToMember),
    grantToLink: spreadOf(times.grantToLink),
    revokeToRemoved: spreadOf(times.revokeToRemoved),
  };
  const access = spreads.paidToMember?.p95 ?? Number.POSITIVE_INFINITY;
  const success = payments.tried === 0 ? 0 : payments.succeeded / payments.tried;
  const promises: Promised[] = [
    {
      promise: "paid → in the channel, p95",
      target: "≤ 60 s",
      found: Number.isFinite(access) ? `${(access / 1_000).toFixed(2)} s` : "nobody got in",
      kept: access <= ACCESS_MS,
    },
    {
      promise: "payments that succeed",
      target: "≥ 97 %",
      found: `${(success * 100).toFixed(0)} % (${payments.succeeded} of ${payments.tried})`,
      kept: success >= SUCCESS,
    },
    {
      promise: "checkouts answered too late",
      target: "0",
      found: String(preCheckoutTimeouts),
      kept: preCheckoutTimeouts === 0,
    },
    { promise: "double activations", target: "0", found: String(doubleActivations), kept: doubleActivations === 0 },
    {
      promise: "grants and revocations that took effect",
      target: "all",
      found: `${cycles.succeeded} of ${cycles.tried}`,
      kept: cycles.succeeded === cycles.tried,
    },
  ];
  return { ok: promises.every(({ kept }) => kept), promises, times: spreads, payments, cycles, troubles };
}

const LABELS: Readonly<Record<keyof Times, string>> = {
  preCheckout: "checkout asked → answered",
  paidToLink: "paid → link",
  paidToMember: "paid → member",
  grantToLink: "grant → link",
  revokeToRemoved: "revoke → removed",
};

/** For a terminal. */
export function textOf({ ok, promises, times, troubles }: Report): string {
  const ms = (value: number) => `${value} ms`.padStart(10);
  const rows = (Object.keys(LABELS) as (keyof Times)[]).map((name) => {
    const spread = times[name];
    const figures =
      spread === null
        ? "      none"
        : `${String(spread.count).padStart(5)}${ms(spread.p50)}${ms(spread.p95)}${ms(spread.max)}`;
    return `  ${LABELS[name].padEnd(28)}${figures}`;
  });
  return [
    `  ${"".padEnd(28)}    n       p50       p95       max`,
    ...rows,
    "",
    ...promises.map(
      ({ promise, target, found, kept }) => `  ${kept ? "kept  " : "MISSED"}  ${promise}: ${found} (target ${target})`,
    ),
    ...(troubles.length === 0 ? [] : ["", ...troubles.map((trouble) => `  - ${trouble}`)]),
    "",
    ok ? "All promises were kept." : "A promise was missed.",
    "",
  ].join("\n");
}
