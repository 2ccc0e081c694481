// The events that a person of the staff may choose from, with what their forms ask for.
import { z } from "zod";
import type { MachineDefinition, StaffRole } from "../../machines/definition.ts";
import type { EventPossibility } from "../runtime/foresight-ports.ts";
import type { EventChoice, EventField } from "./answers/actors.ts";
import { mayDo } from "./staff.ts";
import { STAFF_EVENT_MEANINGS, shapeOf, TOLD_REASONS } from "./staff-events.ts";

/** Filled in from the command. */
const SIGNATURE: ReadonlySet<string> = new Set(["by", "reason"]);

export const eventChoices = (
  definition: MachineDefinition,
  possibilities: readonly EventPossibility[],
  role: StaffRole,
): readonly EventChoice[] =>
  possibilities.flatMap(({ type, possible, guard }) => {
    const least = definition.staffEvents[type];
    if (least === undefined) return [];
    const means = STAFF_EVENT_MEANINGS[definition.name]?.[type] ?? { en: "", ru: "" };
    return [
      {
        type,
        role: least,
        mayYou: mayDo(role, least),
        possible,
        guard,
        does: means.en,
        means,
        fields: fieldsOf(definition, type),
        reasonIsTold: TOLD_REASONS.has(type),
      },
    ];
  });

const fieldsOf = (definition: MachineDefinition, type: string): EventField[] =>
  Object.entries(shapeOf(definition, type))
    .filter(([name]) => !SIGNATURE.has(name))
    .map(([name, schema]) => ({
      name,
      required: !schema.safeParse(undefined).success,
      schema: z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as Record<string, unknown>,
    }));

/** Fields of the context that hold something personal: those that events bring in, and what is kept of them later. */
export function personalFields({ personal }: MachineDefinition, context: Readonly<Record<string, unknown>>): string[] {
  const names = Object.values(personal).flat();
  return Object.keys(context).filter((field) => names.some((name) => field.toLowerCase().includes(name.toLowerCase())));
}
