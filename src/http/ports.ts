// What the HTTP room wants from others.

/** Sessions that were ended before their time, known to all processes. */
export interface EndedSessions {
  /** @param forMs how long it would have lived on. Unit: milliseconds. */
  end(sessionId: string, forMs: number): Promise<void>;
  isEnded(sessionId: string): Promise<boolean>;
}
