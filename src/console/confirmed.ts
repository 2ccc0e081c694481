/** As the service counts it. */
const REASON_MIN = 5;

/** Whether a command may be sent: a reason, and the right number where one is asked for. */
export const isConfirmed = (reason: string, typed: string, count: number | null): boolean =>
  reason.trim().length >= REASON_MIN && (count === null || typed.trim() === String(count));
