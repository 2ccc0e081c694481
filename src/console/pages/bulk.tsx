// One event to many actors: whom, what, what would happen, and only then the number, the reason and the deed.
import { useEffect, useMemo, useState } from "preact/hooks";
import type { ActorLine, ActorPage } from "../../support/answers/actors.ts";
import type { BulkPlan } from "../../support/answers/bulk.ts";
import type { Approval, BulkDone } from "../../support/answers/people.ts";
import { EventForm } from "../actor/event-form.tsx";
import { type FormValues, filledIn, formField, initialValues } from "../actor/form-fields.ts";
import { actorApi } from "../actor/paths.ts";
import { ApiError, send } from "../api.ts";
import { addressesIn, type BulkScope, machineOf } from "../bulk-scope.ts";
import { useFilters } from "../filters.ts";
import { MACHINE_NAMES, MACHINES } from "../machine-names.ts";
import { Confirm } from "../parts/confirm.tsx";
import { Loaded, Note, ProblemNote } from "../parts/feedback.tsx";
import { FilterBar, SelectFilter } from "../parts/filters.tsx";
import { Marked } from "../parts/marked.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { Tabs } from "../parts/tabs.tsx";
import { serviceNow } from "../parts/time.tsx";
import { usePreference } from "../preferences.ts";
import { withQuery } from "../query.ts";
import { useResource } from "../resource.ts";
import { useStates } from "../states.ts";
import { fill, useWords } from "../words.ts";
import { BulkOutcome } from "./bulk-outcome.tsx";
import { BulkPreview } from "./bulk-preview.tsx";
import { BULK_TEXTS } from "./bulk-words.ts";
import "../styles/command.css";

type Outcome = { readonly done: BulkDone } | { readonly approval: Approval };

export function BulkPage() {
  const t = useWords(BULK_TEXTS);
  const names = useWords(MACHINE_NAMES);
  const { values, set } = useFilters(["machine", "state", "addresses"]);
  const [isListed, setListed] = useState(values.addresses !== "");
  const states = useStates(isListed ? "" : values.machine);
  const addresses = useMemo(() => addressesIn(values.addresses), [values.addresses]);
  const meant = isListed ? machineOf(addresses) : null;
  const scope = useMemo((): BulkScope | null => {
    if (isListed) return meant !== null && "machine" in meant ? { addresses } : null;
    return values.machine !== "" && values.state !== "" ? { machine: values.machine, state: values.state } : null;
  }, [isListed, addresses, values.machine, values.state]);

  return (
    <>
      <PageHead title={t.title} lead={t.lead} />
      <section class="card stack" aria-labelledby="whom">
        <h2 id="whom">{t.whom}</h2>
        <Tabs
          label={t.whom}
          tabs={[
            { id: "state", label: t.byState },
            { id: "listed", label: t.listed },
          ]}
          active={isListed ? "listed" : "state"}
          onChoose={(id) => setListed(id === "listed")}
        >
          {isListed ? (
            <Addresses
              value={values.addresses}
              count={addresses.length}
              onChange={(text) => set({ addresses: text })}
            />
          ) : (
            <FilterBar>
              <SelectFilter
                label={t.machine}
                value={values.machine}
                all={t.choose}
                options={MACHINES.map((machine) => ({ value: machine, label: names[machine] }))}
                onChange={(machine) => set({ machine, state: "" })}
              />
              <SelectFilter
                label={t.state}
                value={values.state}
                all={t.choose}
                options={states}
                onChange={(state) => set({ state })}
              />
            </FilterBar>
          )}
        </Tabs>
        {meant !== null && "problem" in meant && meant.problem !== "none" && (
          <Note tone="warn">{t[meant.problem]}</Note>
        )}
      </section>
      {scope && <Deed key={JSON.stringify(scope)} scope={scope} />}
    </>
  );
}

function Addresses({
  value,
  count,
  onChange,
}: {
  readonly value: string;
  readonly count: number;
  readonly onChange: (text: string) => void;
}) {
  const t = useWords(BULK_TEXTS);
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  return (
    <div class="labeled">
      <label for="addresses">{t.addresses}</label>
      <textarea
        id="addresses"
        class="mono"
        rows={5}
        spellcheck={false}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
        onBlur={() => onChange(addressesIn(text).join("\n"))}
      />
      <span class="small quiet-text">{fill(t.counted, { n: count })}</span>
    </div>
  );
}

/** One of those who are meant: it knows which events its kind takes. */
function useSample(scope: BulkScope): string | null {
  const isByState = "machine" in scope;
  const found = useResource<{ readonly actors: readonly ActorLine[] }>(
    isByState ? withQuery("/api/v1/actors-table", { ...scope, limit: 1 }) : null,
  );
  return isByState ? (found.data?.actors[0]?.address ?? null) : (scope.addresses[0] ?? null);
}

function Deed({ scope }: { readonly scope: BulkScope }) {
  const t = useWords(BULK_TEXTS);
  const sample = useSample(scope);
  const page = useResource<ActorPage>(sample === null ? null : actorApi.page(sample));
  if (sample === null) return <Note>{t.nobody}</Note>;
  return <Loaded resource={page}>{(known) => <EventOfMany scope={scope} sample={known} />}</Loaded>;
}

function EventOfMany({ scope, sample }: { readonly scope: BulkScope; readonly sample: ActorPage }) {
  const t = useWords(BULK_TEXTS);
  const language = usePreference("language");
  const [type, setType] = useState("");
  const choice = sample.events.find((event) => event.type === type && event.mayYou) ?? null;
  const fields = useMemo(() => (choice?.fields ?? []).map(formField), [choice]);
  const [values, setValues] = useState<FormValues>({});
  const [plan, setPlan] = useState<BulkPlan | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const [isAsking, setAsking] = useState(false);
  const [isLooking, setLooking] = useState(false);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  useEffect(() => setValues(initialValues(fields, {}, {}, serviceNow())), [fields]);
  // Another event is another plan.
  useEffect(() => {
    setPlan(null);
    setOutcome(null);
    setError(null);
  }, [type, values]);
  const filled = useMemo(() => filledIn(fields, values), [fields, values]);
  const body = choice !== null && filled.ok ? { ...scope, event: { type, ...filled.fields } } : null;

  const look = async () => {
    setError(null);
    setOutcome(null);
    setLooking(true);
    try {
      setPlan(await send<BulkPlan>("/api/v1/bulk", { ...body, dryRun: true }));
    } catch (failure) {
      if (!(failure instanceof ApiError)) throw failure;
      setPlan(null);
      setError(failure);
    } finally {
      setLooking(false);
    }
  };

  return (
    <>
      <section class="card stack" aria-labelledby="what">
        <h2 id="what">{t.what}</h2>
        {sample.events.length === 0 && <p>{t.noEvent}</p>}
        <FilterBar>
          <SelectFilter
            label={t.event}
            value={type}
            all={t.choose}
            options={sample.events.map((event) => ({
              value: event.type,
              label: event.mayYou ? event.type : `${event.type} — ${fill(t.needs, { role: event.role })}`,
              disabled: !event.mayYou,
            }))}
            onChange={setType}
          />
        </FilterBar>
        {choice && (
          <p class="quiet-text">
            <Marked text={choice.means[language]} />
          </p>
        )}
        <EventForm fields={fields} values={values} wrong={filled.ok ? [] : filled.wrong} onChange={setValues} />
        <div class="row">
          <button type="button" class="primary" disabled={body === null || isLooking} onClick={() => void look()}>
            {t.preview}
          </button>
          {body === null && <span class="missing">{choice === null ? t.missingEvent : t.missingFields}</span>}
          {isLooking && (
            <span class="quiet-text" role="status">
              {t.looking}
            </span>
          )}
        </div>
        {error && <ProblemNote error={error} />}
      </section>
      {plan && outcome === null && (
        <BulkPreview plan={plan} verb={fill(t.send, { event: type, n: plan.count })} onGo={() => setAsking(true)} />
      )}
      {plan && isAsking && (
        <Confirm
          danger
          title={fill(t.confirm, { event: type, n: plan.count })}
          verb={fill(t.send, { event: type, n: plan.count })}
          count={plan.count}
          run={async (command) => {
            const answer = await send<BulkDone | { readonly approval: Approval }>("/api/v1/bulk", {
              ...body,
              ...command,
              planHash: plan.planHash,
              count: plan.count,
            });
            setOutcome("approval" in answer ? answer : { done: answer });
          }}
          onDone={() => setAsking(false)}
          onClose={() => setAsking(false)}
        >
          {plan.final && <Note tone="warn">{fill(t.final, { n: plan.would.final })}</Note>}
          {plan.approval && <Note>{t.approval}</Note>}
        </Confirm>
      )}
      {outcome && <BulkOutcome outcome={outcome} />}
    </>
  );
}
