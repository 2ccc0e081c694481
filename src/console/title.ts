// The window's title says which page it is: tabs and a screen reader know it by nothing else.
import { useEffect } from "preact/hooks";

export const setTitle = (text: string): void => {
  document.title = `${text} · Console`;
};

/** @param text null: not known yet */
export function useTitle(text: string | null): void {
  useEffect(() => {
    if (text !== null) setTitle(text);
  }, [text]);
}
