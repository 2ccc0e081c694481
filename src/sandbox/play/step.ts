/** One step of a story. */
export interface Step {
  /** Who acts, as the timeline shows it. */
  readonly who: string;
  readonly what: string;
  readonly act: () => Promise<void>;
  /** Everything that must hold afterwards: what it says, and whether it does. */
  readonly expect: () => Promise<readonly (readonly [claim: string, holds: boolean])[]>;
}
