// A sentence of the service's in which codes of errors stand: in words, and the code small beside them.
import { usePreference } from "../preferences.ts";

const IN_WORDS: Readonly<Record<"en" | "ru", Readonly<Record<string, string>>>> = {
  en: {
    "effect.unavailable": "the other side did not answer",
    "effect.timeout": "the other side did not answer in time",
    "effect.rejected": "the other side refused it",
    "effect.rateLimited": "too many calls, it waits",
    "effect.invalidInput": "the request was not valid",
    "effect.invalidOutput": "the answer was not understood",
  },
  ru: {
    "effect.unavailable": "другая сторона не отвечает",
    "effect.timeout": "другая сторона не ответила вовремя",
    "effect.rejected": "другая сторона отказала",
    "effect.rateLimited": "слишком много вызовов, ждём",
    "effect.invalidInput": "неверный запрос",
    "effect.invalidOutput": "ответ не разобран",
  },
};

export function WithCodes({ text }: { readonly text: string }) {
  const names = IN_WORDS[usePreference("language")];
  return (
    <>
      {text.split(/(\beffect\.[a-zA-Z]+)/).map((part, at) =>
        names[part] === undefined ? (
          part
        ) : (
          <span key={at}>
            {names[part]} <code class="small">{part}</code>
          </span>
        ),
      )}
    </>
  );
}
