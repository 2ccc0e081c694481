import { useTitle } from "./title.ts";
import { useWords, words } from "./words.ts";

const TEXTS = words({
  en: {
    title: "No such page",
    sentence: "Nothing is shown at this address. Use the pages on the left or the search box.",
  },
  ru: {
    title: "Такой страницы нет",
    sentence: "По этому адресу ничего нет. Откройте страницу слева или найдите через поиск.",
  },
});

export function NotFoundPage() {
  const t = useWords(TEXTS);
  useTitle(t.title);
  return (
    <>
      <h1>{t.title}</h1>
      <p>{t.sentence}</p>
    </>
  );
}
