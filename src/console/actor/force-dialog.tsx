// Puts an actor into a state that its machine would not lead to. Guards are not asked, entry effects run only where they are ticked.
import { useId, useState } from "preact/hooks";
import type { ActorPage } from "../../support/answers/actors.ts";
import { Id } from "../parts/id.tsx";
import { fill, useWords, words } from "../words.ts";
import { CommandDialog } from "./command-dialog.tsx";
import { actorApi } from "./paths.ts";
import { regionsOf } from "./regions.ts";
import { type Outcome, useCommand } from "./use-command.ts";

const TEXTS = words({
  en: {
    title: "Force a state",
    warning:
      "This goes past the guards of the machine. Use it only where no event leads out; it stands in the history under your name like any other event.",
    of: "actor",
    state: "state",
    keep: "stays as it is",
    verb: "Force state",
    missing: "Missing: a state",
    needs: "Needs the role {role}",
    effects: "Effects of entering that will not run, unless you tick them",
    none: "Entering these states asks for nothing.",
    timers: "The timers of the new states are derived again; those of the states that are left are cancelled.",
  },
  ru: {
    title: "Принудительно сменить состояние",
    warning:
      "Проверки машины не спрашиваются. Только если ни одно событие не выводит из состояния; в истории останется ваше имя, как у любого события.",
    of: "актор",
    state: "состояние",
    keep: "остаётся как есть",
    verb: "Сменить принудительно",
    missing: "Не выбрано состояние",
    needs: "Нужна роль {role}",
    effects: "Эффекты входа, которые не выполнятся, если их не отметить",
    none: "Вход в эти состояния ничего не требует.",
    timers: "Таймеры новых состояний будут выведены заново, таймеры покинутых — сняты.",
  },
});

export function ForceDialog({
  page,
  onLookAgain,
  onClose,
  onDone,
}: {
  readonly page: ActorPage;
  readonly onLookAgain: () => void;
  readonly onClose: () => void;
  readonly onDone: (outcome: Outcome) => void;
}) {
  const t = useWords(TEXTS);
  const base = useId();
  const [chosen, setChosen] = useState<Readonly<Record<string, string>>>({});
  const [run, setRun] = useState<readonly string[]>([]);
  const regions = regionsOf(page.force.targets, page.states);
  const targets = Object.values(chosen).filter((path) => path !== "");
  const isReady = targets.length > 0 && page.force.mayYou;
  const command = useCommand(actorApi.force(page.address), isReady ? { targets, run } : null);
  // Kept while a new plan is looked at, or the boxes would vanish under the pointer.
  const [offered, setOffered] = useState<readonly string[]>([]);
  const effects = command.plan?.entryEffects ?? offered;
  if (command.plan && command.plan.entryEffects !== offered) setOffered(command.plan.entryEffects);

  return (
    <CommandDialog
      title={t.title}
      verb={t.verb}
      command={command}
      isDanger
      isReady={isReady}
      missing={page.force.mayYou ? t.missing : fill(t.needs, { role: page.force.role })}
      movedTo={page.rev}
      onLookAgain={onLookAgain}
      onClose={onClose}
      onDone={onDone}
    >
      <p class="note bad">{t.warning}</p>
      <p class="small">
        {t.of} <Id text={page.address} />
      </p>
      {regions.map(({ name, current, targets: paths }) => (
        <div class="stack tight" key={name}>
          <label for={`${base}-${name}`}>
            <code>{name || t.state}</code>
          </label>
          <select
            id={`${base}-${name}`}
            value={chosen[name] ?? ""}
            onChange={(event) => {
              setChosen({ ...chosen, [name]: event.currentTarget.value });
              setRun([]);
            }}
          >
            <option value="">
              {t.keep}
              {current === null ? "" : `: ${current}`}
            </option>
            {paths.map((path) => (
              <option key={path} value={path} disabled={page.force.notYours.includes(path)}>
                {path}
                {page.force.notYours.includes(path) ? ` (${page.force.roles[path] ?? page.force.role})` : ""}
              </option>
            ))}
          </select>
        </div>
      ))}
      {isReady && (
        <fieldset>
          <legend>{t.effects}</legend>
          {effects.length === 0 && <p class="quiet-text">{t.none}</p>}
          {effects.map((effect) => (
            <label class="row check" key={effect}>
              <input
                type="checkbox"
                checked={run.includes(effect)}
                onChange={(event) =>
                  setRun(event.currentTarget.checked ? [...run, effect] : run.filter((name) => name !== effect))
                }
              />
              <code>{effect}</code>
            </label>
          ))}
        </fieldset>
      )}
      <p class="small quiet-text">{t.timers}</p>
    </CommandDialog>
  );
}
