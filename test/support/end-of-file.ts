// What helpers clean up after each test file. Most files share a process, so a hook that stands in a helper would belong to the first of them only.
type CleanUp = () => Promise<void>;

const cleanUps = new Set<CleanUp>();

/** Once, after the tests of the present file and before the look for what it left open. */
export const atEndOfFile = (cleanUp: CleanUp): void => void cleanUps.add(cleanUp);

export async function endFile(): Promise<void> {
  const due = [...cleanUps];
  cleanUps.clear();
  await Promise.all(due.map((cleanUp) => cleanUp()));
}
