// What the keyboard does, one key away.
import { Dialog } from "./parts/dialog.tsx";
import { useWords, words } from "./words.ts";

const TEXTS = words({
  en: {
    title: "Keyboard",
    close: "Close",
    search: "to the search box",
    help: "this help",
    escape: "closes a dialog; on the page of a past event, back to now",
    scrub: "on the scrubber: one event back or on",
    ends: "on the scrubber: the first event, now",
    tabs: "between tabs",
    tab: "from one thing to the next",
  },
  ru: {
    title: "Клавиатура",
    close: "Закрыть",
    search: "в строку поиска",
    help: "эта справка",
    escape: "закрывает окно; на странице прошлого события — назад в настоящее",
    scrub: "на шкале времени: событие назад или вперёд",
    ends: "на шкале времени: первое событие, настоящее",
    tabs: "между вкладками",
    tab: "от одного элемента к следующему",
  },
});

export function KeyboardHelp({ onClose }: { readonly onClose: () => void }) {
  const t = useWords(TEXTS);
  const keys: readonly (readonly [readonly string[], string])[] = [
    [["/"], t.search],
    [["?"], t.help],
    [["Esc"], t.escape],
    [["←", "→"], t.scrub],
    [["Home", "End"], t.ends],
    [["←", "→"], t.tabs],
    [["Tab"], t.tab],
  ];
  return (
    <Dialog
      title={t.title}
      onClose={onClose}
      foot={
        <button type="button" onClick={onClose}>
          {t.close}
        </button>
      }
    >
      <dl class="keys">
        {keys.map(([names, does]) => (
          <div key={does}>
            <dt>
              {names.map((name) => (
                <kbd key={name}>{name}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
