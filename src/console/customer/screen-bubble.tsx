// The bot's screen as its customer sees it; its buttons are shown and do nothing here.
import type { ScreenNow } from "../../support/answers/people.ts";
import { TelegramText } from "../parts/telegram-text.tsx";

export function ScreenBubble({ screen }: { readonly screen: ScreenNow }) {
  return (
    <div class="screen" lang={screen.language}>
      <div class="bubble" data-screen>
        <TelegramText html={screen.html} />
      </div>
      {screen.buttons.map((row, at) => (
        <div class="screen-row" key={at}>
          {row.map(({ label, url, style }) => (
            <span class={`screen-button ${style ?? ""}`} key={label}>
              {label}
              {url ? " ↗" : ""}
            </span>
          ))}
        </div>
      ))}
    </div>
  );
}
