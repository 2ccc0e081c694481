// What an entry of the history changed, in the words of the chart.

export interface Move {
  readonly from: string | null;
  readonly to: string | null;
}

const regionOf = (state: string): string => state.split(".")[0] ?? state;

/**
 * Only the regions that changed: `billing.active.term` → `billing.pastDue.grace`, whatever else stands beside it.
 * A state without a partner in its region came or went alone: in a machine of one region the two are a move all the same.
 */
export function movesOf(from: readonly string[] = [], to: readonly string[] = []): readonly Move[] {
  const left = from.filter((state) => !to.includes(state));
  const entered = to.filter((state) => !from.includes(state));
  const [onlyLeft] = left;
  const [onlyEntered] = entered;
  if (left.length === 1 && entered.length === 1 && onlyLeft !== undefined && onlyEntered !== undefined) {
    return [{ from: onlyLeft, to: onlyEntered }];
  }
  const partners = new Map(left.map((state) => [regionOf(state), state]));
  const moves: Move[] = entered.map((state) => {
    const partner = partners.get(regionOf(state)) ?? null;
    if (partner !== null) partners.delete(regionOf(state));
    return { from: partner, to: state };
  });
  return [
    ...moves,
    ...left.filter((state) => partners.get(regionOf(state)) === state).map((state) => ({ from: state, to: null })),
  ];
}
