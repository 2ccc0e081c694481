// The fields of an event, with the browser's own inputs.
import { useId } from "preact/hooks";
import { usePreference } from "../preferences.ts";
import { fill, useWords } from "../words.ts";
import type { FormField, FormValues } from "./form-fields.ts";
import { CHOICE_NAMES, FIELD_NAMES, FORM_TEXTS as TEXTS } from "./form-words.ts";
import { PlanSelect } from "./plan-select.tsx";

export function EventForm({
  fields,
  values,
  wrong,
  product = null,
  onChange,
}: {
  readonly fields: readonly FormField[];
  /** Whose plans may be chosen; null: of any product. */
  readonly product?: string | null;
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
          product={product}
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
  readonly product: string | null;
  readonly value: string | null;
  readonly isWrong: boolean;
  readonly onChange: (value: string | null) => void;
}

function Field({ field, product, value, isWrong, onChange }: FieldProps) {
  const t = useWords(TEXTS);
  const name = FIELD_NAMES[usePreference("language")][field.name];
  const id = useId();
  const note = [field.kind === "date" ? t.local : null, field.help, isWrong ? t.wrong : null]
    .filter(Boolean)
    .join(" · ");
  return (
    <div class="stack tight field">
      <label for={id} title={field.name}>
        {name ?? <code>{field.name}</code>}
        {field.kind === "days" && <span class="quiet-text"> · {t.days}</span>}
      </label>
      <div class="row">
        <Input id={id} field={field} product={product} value={value} isWrong={isWrong} onChange={onChange} />
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

function Input({ id, field, product, value, isWrong, onChange }: FieldProps & { readonly id: string }) {
  const choices = CHOICE_NAMES[usePreference("language")];
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
              {choices[`${field.name}.${choice}`] ?? choice}
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
    case "plan":
      return <PlanSelect common={common} product={product} value={text} onChange={onChange} />;
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
