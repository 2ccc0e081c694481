export interface FindPromtoolOptions {
  /** Default: .cache/prometheus of the project. */
  readonly cacheDir?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** @returns the path of a promtool that runs. @throws Error that says why there is none. */
export declare function findPromtool(options?: FindPromtoolOptions): Promise<string>;
