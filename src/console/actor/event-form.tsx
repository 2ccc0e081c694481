// The fields of an event, with the browser's own inputs.
import { useId } from "preact/hooks";
import { fill, useWords, words } from "../words.ts";
import type { FormField, FormValues } from "./form-fields.ts";

const TEXTS = words({
  en: { days: "days", none: "none", noEnd: "without an end", wrong: "Needs a value", local: "by this computer’s time" },
  ru: { days: "дней", none: "нет", noEnd: "без срока", wrong: "Нужно значение", local: "по времени этого компьютера" },
});

export function EventForm({
  fields,
  values,
  wrong,
  onChange,
}: {
  readonly fields: readonly FormField[];
  readonly values: FormValues;
  readonly wrong: readonly string[];
  readonly onChange: (values: FormValues) => void;
}) {
  return (
    <>
      {fields.map((field) => (
        <Field
          key={field.name}
          field={field}
          value={values[field.name] ?? null}
          isWrong={wrong.includes(field.name)}
          onChange={(value) => onChange({ ...values, [field.name]: value })}
        />
      ))}
    </>
  );
}

interface FieldProps {
  readonly field: FormField;
  readonly value: string | null;
  readonly isWrong: boolean;
  readonly onChange: (value: string | null) => void;
}

function Field({ field, value, isWrong, onChange }: FieldProps) {
  const t = useWords(TEXTS);
  const id = useId();
  const note = [field.kind === "date" ? t.local : null, field.help, isWrong ? t.wrong : null]
    .filter(Boolean)
    .join(" · ");
  return (
    <div class="stack tight field">
      <label for={id}>
        <code>{field.name}</code>
        {field.kind === "days" && <span class="quiet-text"> · {t.days}</span>}
      </label>
      <div class="row">
        <Input id={id} field={field} value={value} isWrong={isWrong} onChange={onChange} />
        {field.isNullable && (
          <label class="row check">
            <input
              type="checkbox"
              checked={value === null}
              onChange={(event) => onChange(event.currentTarget.checked ? null : "")}
            />
            {field.kind === "days" ? t.noEnd : t.none}
          </label>
        )}
      </div>
      {note !== "" && (
        <p class={`small ${isWrong ? "wrong" : "quiet-text"}`} id={`${id}-note`}>
          {fill(note, {})}
        </p>
      )}
    </div>
  );
}

function Input({ id, field, value, isWrong, onChange }: FieldProps & { readonly id: string }) {
  const common = {
    id,
    name: field.name,
    disabled: value === null,
    "aria-invalid": isWrong,
    "aria-describedby": `${id}-note`,
  } as const;
  const text = value ?? "";
  switch (field.kind) {
    case "choice":
      return (
        <select {...common} value={text} onChange={(event) => onChange(event.currentTarget.value)}>
          {field.choices.map((choice) => (
            <option key={choice} value={choice}>
              {choice}
            </option>
          ))}
        </select>
      );
    case "flag":
      return (
        <input
          {...common}
          type="checkbox"
          checked={text === "true"}
          onChange={(event) => onChange(event.currentTarget.checked ? "true" : "")}
        />
      );
    case "json":
      return (
        <textarea
          {...common}
          class="mono"
          rows={4}
          spellcheck={false}
          value={text}
          onInput={(event) => onChange(event.currentTarget.value)}
        />
      );
    default:
      return (
        <input
          {...common}
          type={field.kind === "date" ? "datetime-local" : field.kind === "text" ? "text" : "number"}
          {...(field.kind === "days" ? { step: "any", min: 0 } : {})}
          value={text}
          onInput={(event) => onChange(event.currentTarget.value)}
        />
      );
  }
}
