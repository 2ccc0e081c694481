// A page that fails says so in a sentence, and the others still work.
import { Component, type ComponentChildren } from "preact";
import { useWords, words } from "./words.ts";

const TEXTS = words({
  en: {
    sentence: "This page could not be drawn. Nothing was changed by it; the other pages still work.",
    again: "Load the page again",
  },
  ru: {
    sentence: "Страницу не удалось показать. Она ничего не изменила; остальные страницы работают.",
    again: "Загрузить страницу ещё раз",
  },
});

interface CrashProps {
  /** Another one forgets the failure. */
  readonly place: string;
  readonly children: ComponentChildren;
}

export class CrashGuard extends Component<CrashProps, { readonly failed: string | null; readonly place: string }> {
  override state = { failed: null, place: this.props.place };

  static override getDerivedStateFromError(error: unknown) {
    return { failed: error instanceof Error ? error.message : String(error) };
  }

  static override getDerivedStateFromProps({ place }: CrashProps, state: { readonly place: string }) {
    return place === state.place ? null : { failed: null, place };
  }

  override render() {
    return this.state.failed === null ? this.props.children : <Crashed message={this.state.failed} />;
  }
}

function Crashed({ message }: { readonly message: string }) {
  const t = useWords(TEXTS);
  return (
    <div class="note bad stack tight" role="alert">
      <p>{t.sentence}</p>
      <p class="small">
        <code>{message}</code>
      </p>
      <p>
        <button type="button" onClick={() => location.reload()}>
          {t.again}
        </button>
      </p>
    </div>
  );
}
