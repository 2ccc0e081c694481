// Copying may be refused by the browser: then the person is told, and the text is there to be selected.
import { sandbox } from "./store.ts";

/** @returns whether it is on the clipboard; if not, the page offers it to be copied by hand */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    sandbox.trigger.copyFailed({ text });
    return false;
  }
}
