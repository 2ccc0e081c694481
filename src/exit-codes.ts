/** How the process ends; supervisors and scripts rely on the numbers. */
export const EXIT_CODES = {
  /** Stopped as asked. */
  stopped: 0,
  /** Crashed: a defect, or something nobody planned for. A restart may help. */
  crashed: 1,
  /** Configuration refused; a restart will not help. */
  configRefused: 2,
  /** A needed server (Redis) is unreachable or unsafe. */
  serverUnusable: 3,
} as const;

export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];
