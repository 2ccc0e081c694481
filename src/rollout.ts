// Opening step by step: who may buy now. It decides about beginnings only: who ever had a subscription keeps all that comes with it.
import { createHash } from "node:crypto";
import { z } from "zod";

/** An unquoted id is a number to YAML. */
const TelegramId = z.preprocess(
  (value) => (Number.isSafeInteger(value) ? String(value) : value),
  z.string().regex(/^[1-9]\d{0,15}$/, "expected a person's Telegram id: a positive whole number"),
);

const people = z.array(TelegramId).max(10_000).default([]);

/** `rollout` of the plans file. */
export const Rollout = z
  .strictObject({
    stage: z.enum(["team", "pilot", "all"]).meta({
      description:
        "who may buy, or take a trial. Who ever had a subscription always may; renewals, support and payments that arrive are never asked about it",
    }),
    team: people.meta({ description: "Telegram ids of those who may from the first stage on" }),
    pilot: z
      .strictObject({
        list: people.meta({ description: "Telegram ids of those who may in the stage `pilot`, besides the team" }),
        percent: z.number().min(0).max(100).default(0).meta({
          description:
            "of everybody else, so many per cent may in the stage `pilot`: always the same people, and those who could keep it when the number grows",
        }),
        salt: z.string().min(1).max(64).default("rollout").meta({
          description: "another text picks other people",
        }),
      })
      .optional(),
  })
  .superRefine(({ stage, team, pilot }, context) => {
    const refuse = (path: string, message: string) => context.addIssue({ code: "custom", path: [path], message });
    if (stage === "team" && team.length === 0)
      refuse("team", "nobody could buy: name somebody, or choose another stage");
    if (stage === "pilot" && team.length === 0 && !pilot?.list.length && !pilot?.percent)
      refuse("pilot", "nobody could buy: give a list or a percent, or choose another stage");
  });
export type Rollout = z.output<typeof Rollout>;

/** @param rollout `null`: open to everybody, as without the section. */
export function isOpenTo(rollout: Rollout | null, userId: number): boolean {
  if (rollout === null || rollout.stage === "all") return true;
  const id = String(userId);
  if (rollout.team.includes(id)) return true;
  if (rollout.stage === "team" || rollout.pilot === undefined) return false;
  const { list, percent, salt } = rollout.pilot;
  return list.includes(id) || shareOf(id, salt) < percent;
}

/** @returns where a person stands among all, evenly spread and for good. Unit: per cent, 0 or more, below 100. */
export const shareOf = (id: string, salt: string): number =>
  (createHash("sha256").update(`${salt}:${id}`).digest().readUInt32BE(0) / 2 ** 32) * 100;
