// The normal way to move an actor: one of the events that staff may send, looked at before it is sent.
import { useEffect, useId, useMemo, useRef, useState } from "preact/hooks";
import type { ActorPage, EventChoice } from "../../support/answers/actors.ts";
import { Dialog } from "../parts/dialog.tsx";
import { Loaded } from "../parts/feedback.tsx";
import { Id } from "../parts/id.tsx";
import { Marked } from "../parts/marked.tsx";
import { serviceNow } from "../parts/time.tsx";
import { usePreference } from "../preferences.ts";
import { useResource } from "../resource.ts";
import { fill, useWords, words } from "../words.ts";
import { CommandDialog } from "./command-dialog.tsx";
import { EventForm } from "./event-form.tsx";
import { type FormValues, filledIn, formField, initialValues } from "./form-fields.ts";
import { actorApi } from "./paths.ts";
import { type Outcome, useCommand } from "./use-command.ts";

const TEXTS = words({
  en: {
    title: "Send an event",
    event: "Event",
    to: "to",
    send: "Send {event}",
    refusedBy: "refused by {guard}",
    noUse: "no use in this state",
    needs: "needs the role {role}",
    nothing: "There is no event that staff may send to this actor.",
    choose: "choose an event",
    foreign: "{event} is a word of the customer, of Telegram or of the service itself: staff may not send it here.",
    cancel: "Cancel",
    missingEvent: "Choose an event first",
    missingFields: "Missing: what the event has to say",
  },
  ru: {
    title: "Отправить событие",
    event: "Событие",
    to: "кому",
    send: "Отправить {event}",
    refusedBy: "не пускает {guard}",
    noUse: "в этом состоянии не к месту",
    needs: "нужна роль {role}",
    nothing: "Этому актору персонал не может отправить ни одного события.",
    choose: "выберите событие",
    foreign: "{event} говорит клиент, Telegram или сам сервис: персонал его сюда не отправляет.",
    cancel: "Отмена",
    missingEvent: "Сначала выберите событие",
    missingFields: "Не заполнены поля события",
  },
});

/** What cannot be taken back by the opposite event, or takes something away. */
const GRAVE = /revoked|blocked|erasure|refund|chargeback|withdrawn|givenUp|released/;

interface SendProps {
  readonly address: string;
  /** What is chosen from the start, with what is known of its fields. */
  readonly preset: { readonly type: string } | null;
  /** Another one each time the page that it lies on learns something new: the actor is read again then. */
  readonly freshness: number;
  readonly onClose: () => void;
  readonly onDone: (outcome: Outcome, event: string) => void;
}

export function SendDialog(props: SendProps) {
  const t = useWords(TEXTS);
  const page = useResource<ActorPage>(actorApi.page(props.address));
  const known = useRef(props.freshness);
  useEffect(() => {
    if (known.current === props.freshness) return;
    known.current = props.freshness;
    page.reload();
  }, [props.freshness, page.reload]);
  if (page.data) return <SendForm {...props} page={page.data} onLookAgain={page.reload} />;
  return (
    <Dialog
      title={t.title}
      onClose={props.onClose}
      foot={
        <button type="button" onClick={props.onClose}>
          {t.cancel}
        </button>
      }
    >
      <Loaded resource={page}>{() => null}</Loaded>
    </Dialog>
  );
}

function SendForm({
  address,
  preset,
  page,
  onLookAgain,
  onClose,
  onDone,
}: SendProps & { readonly page: ActorPage; readonly onLookAgain: () => void }) {
  const t = useWords(TEXTS);
  const select = useId();
  const language = usePreference("language");
  const [type, setType] = useState(preset?.type ?? "");
  const choice = page.events.find((event) => event.type === type) ?? null;
  const fields = useMemo(() => (choice?.fields ?? []).map(formField), [choice]);
  const [values, setValues] = useState<FormValues>({});
  // Typed values stay when the actor is looked at again; another event has another form.
  useEffect(() => {
    const known = preset?.type === type ? preset : {};
    setValues(initialValues(fields, { ...known }, page.context, serviceNow()));
  }, [type]);
  const filled = useMemo(() => filledIn(fields, values), [fields, values]);
  const isReady = choice?.mayYou === true && filled.ok;
  const command = useCommand(
    actorApi.events(address),
    isReady ? { event: { type, ...filled.fields } } : null,
    choice?.reasonIsTold,
  );

  return (
    <CommandDialog
      title={t.title}
      verb={fill(t.send, { event: type }).trim()}
      command={command}
      isDanger={GRAVE.test(type)}
      isReady={isReady}
      missing={
        choice === null ? t.missingEvent : choice.mayYou ? t.missingFields : fill(t.needs, { role: choice.role })
      }
      movedTo={page.rev}
      startsAtReason={preset !== null}
      reasonIsTold={choice?.reasonIsTold ?? false}
      onLookAgain={onLookAgain}
      onClose={onClose}
      onDone={(outcome) => onDone(outcome, type)}
    >
      <p class="small">
        {t.to} <Id text={address} />
      </p>
      {page.events.length === 0 ? (
        <p>{t.nothing}</p>
      ) : (
        <div class="stack tight">
          <label for={select}>{t.event}</label>
          <select id={select} value={type} onChange={(event) => setType(event.currentTarget.value)}>
            {(choice === null || preset === null) && (
              <option value={choice === null ? type : ""}>{`— ${t.choose} —`}</option>
            )}
            {page.events.map((event) => (
              <option key={event.type} value={event.type} disabled={!isOpen(event) && event.type !== preset?.type}>
                {event.type}
                {whyNot(event, t)}
              </option>
            ))}
          </select>
          {choice === null && type !== "" && <p class="note warn">{fill(t.foreign, { event: type })}</p>}
          {choice && (
            <p class="small quiet-text">
              <Marked text={choice.means[language]} />
            </p>
          )}
        </div>
      )}
      <EventForm
        product={page.machine === "subscription" ? (page.id.split(":")[1] ?? null) : null}
        fields={fields}
        values={values}
        wrong={filled.ok ? [] : filled.wrong}
        onChange={setValues}
      />
    </CommandDialog>
  );
}

const isOpen = ({ possible, mayYou }: EventChoice): boolean => possible && mayYou;

function whyNot({ possible, mayYou, guard, role }: EventChoice, t: (typeof TEXTS)["en"]): string {
  if (!mayYou) return ` — ${fill(t.needs, { role })}`;
  if (possible) return "";
  return ` — ${guard === null ? t.noUse : fill(t.refusedBy, { guard })}`;
}
