/** To so many decimals, half away from zero (contract 8.5). */
export function round(value: number, decimals: number): number {
  const scale = 10 ** decimals;
  const rounded = (Math.sign(value) * Math.floor(Math.abs(value) * scale + 0.5 + 1e-9)) / scale;
  // A number with so many digits before the point has no decimals to lose.
  return Number.isFinite(rounded) ? rounded + 0 : value;
}
