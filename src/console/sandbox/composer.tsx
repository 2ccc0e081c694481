import { useRef, useState } from "preact/hooks";
import type { SandboxState } from "../../support/answers/sandbox.ts";
import { Icon } from "../parts/icon.tsx";
import { useWords } from "../words.ts";
import { doDeed } from "./store.ts";
import { TEXTS } from "./words.ts";

export function Composer({ state }: { readonly state: SandboxState }) {
  const t = useWords(TEXTS);
  const [text, setText] = useState("");
  const [isOpen, setOpen] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const say = (message: string) => {
    setText("");
    setOpen(false);
    field.current?.focus();
    void doDeed(message === "/start" ? { do: "start" } : { do: "say", text: message });
  };
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== "") say(text.trim());
      }}
    >
      {state.question !== null && (
        <button
          type="button"
          class="fill"
          data-next={state.play?.do === "fillIn"}
          onClick={() => void doDeed({ do: "fillIn" })}
        >
          <Icon name="wand" /> {t.fillIn}
        </button>
      )}
      {isOpen && (
        <ul class="commands">
          {state.commands.map(({ command, description }) => (
            <li key={command}>
              <button type="button" onClick={() => say(`/${command}`)}>
                <code>/{command}</code> {description}
              </button>
            </li>
          ))}
        </ul>
      )}
      <div class="write">
        <button
          type="button"
          class="round"
          aria-label={t.commands}
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          <Icon name="menu" />
        </button>
        <input
          ref={field}
          aria-label={t.message}
          placeholder={t.message}
          value={text}
          autocomplete="off"
          maxLength={4_096}
          onInput={({ currentTarget }) => setText(currentTarget.value)}
        />
        <button type="submit" class="round" aria-label={t.send}>
          <Icon name="send" />
        </button>
      </div>
    </form>
  );
}
