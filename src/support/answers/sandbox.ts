// What the sandbox's page asks and is answered: the visitor's phone, the clock, the actors behind it, and everything that was done since
// the last reset as a scenario that can be played again.
import { z } from "zod";
import { ActorAddress, MachineName } from "../../../machines/address.ts";
import { At, TimerLine } from "./actors.ts";

/** What can be broken on purpose. The first ones stay until they are switched off; the others happen once. */
export const Breakage = z.enum([
  "telegramBusy",
  "inviteFails",
  "botBlocked",
  "wbRefuses",
  "wbSilent",
  "deleteFails",
  "priceChanged",
  "dataDrifts",
  "strangerOnLink",
  "paidTwice",
  "paidByOther",
]);
export type Breakage = z.infer<typeof Breakage>;

export const Seed = z.enum(["new", "onboarding", "active", "autonomous", "grace", "hold", "expired", "revoked"]);
export type Seed = z.infer<typeof Seed>;

const Language = z.enum(["ru", "en"]);

/** A year: more than any timer of a subscription. Unit: milliseconds. */
export const MAX_ADVANCE_MS = 366 * 86_400_000;

/** Something a person, the clock or a saboteur does, in a form that means the same in another world. */
export const Deed = z.discriminatedUnion("do", [
  z.strictObject({ do: z.literal("start") }),
  z.strictObject({ do: z.literal("say"), text: z.string().trim().min(1).max(4_096) }),
  /** The newest button with this data. */
  z.strictObject({ do: z.literal("press"), data: z.string().min(1).max(64) }),
  /** The newest invoice; Stars that are missing are bought first. */
  z.strictObject({ do: z.literal("pay") }),
  /** By the newest invitation. */
  z.strictObject({ do: z.literal("join") }),
  z.strictObject({ do: z.literal("leave"), chatId: z.string().optional() }),
  /** The right answer to the question that is open now. */
  z.strictObject({ do: z.literal("fillIn") }),
  z.strictObject({ do: z.literal("language"), language: Language }),
  z.strictObject({ do: z.literal("advance"), ms: z.int().positive().max(MAX_ADVANCE_MS) }),
  /** To the next timer: of the actor and name that are given, else the soonest of all actors of this person. */
  z.strictObject({
    do: z.literal("nextTimer"),
    machine: MachineName.optional(),
    timer: z.string().max(120).optional(),
  }),
  z.strictObject({
    do: z.literal("break"),
    what: Breakage,
    on: z.boolean(),
    /** Of a breakage that has `choices`: which one. */
    choice: z.string().max(64).optional(),
  }),
  /** What somebody of the staff would do in the console. */
  z.strictObject({ do: z.literal("revoke") }),
]);
export type Deed = z.infer<typeof Deed>;

export const Scenario = z.strictObject({
  version: z.literal(1),
  /** When it began. The clock goes there first, or, where that has passed, to the same time of the next day. */
  startAt: At.optional(),
  /** Where it began; the deeds are what was done from there. */
  seed: Seed.default("new"),
  language: Language,
  deeds: z.array(Deed).max(1_000),
});
export type Scenario = z.infer<typeof Scenario>;

/** A button by its place on a message; only what the visitor sees can be pressed. */
export const Press = z.strictObject({
  messageId: z.int(),
  row: z.int().nonnegative(),
  column: z.int().nonnegative(),
});

export const Reset = z.strictObject({ seed: Seed.default("new"), language: Language.default("ru") });

const Entity = z.looseObject({ type: z.string(), offset: z.int(), length: z.int() });
const Button = z.object({
  text: z.string(),
  style: z.enum(["danger", "success", "primary"]).nullable(),
  /** What pressing it does; `none`: nothing that the sandbox could show. */
  leads: z.enum(["bot", "pay", "join", "copy", "link", "none"]),
  /** What is copied, or where the link leads. */
  value: z.string().nullable(),
  data: z.string().nullable(),
});

export const ChatItem = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("bubble"),
    id: z.int(),
    from: z.enum(["bot", "person"]),
    at: At,
    text: z.string(),
    entities: z.array(Entity),
    buttons: z.array(z.array(Button)),
    invoice: z.object({ title: z.string(), description: z.string(), price: z.string() }).nullable(),
    isEdited: z.boolean(),
    /** The bot deleted it: a place without a text. */
    isGone: z.boolean(),
  }),
  z.object({
    kind: z.literal("line"),
    id: z.string(),
    at: At,
    what: z.enum([
      "joined",
      "asked",
      "left",
      "removed",
      "declined",
      "paid",
      "refunded",
      "blocked",
      "unblocked",
      "renewed",
      "photo",
    ]),
    detail: z.string().meta({ description: "the channel's title, or a price" }),
  }),
  z.object({
    kind: z.literal("overheard"),
    id: z.string(),
    at: At,
    text: z.string().meta({ description: "what a stranger reads on a phone of their own" }),
  }),
]);
export type ChatItem = z.infer<typeof ChatItem>;

export const HappenedLine = z.object({
  entryId: z.string(),
  address: ActorAddress,
  seq: z.int(),
  at: At,
  who: z.enum(["customer", "clock", "system", "staff"]),
  event: z.string(),
  outcome: z.enum(["applied", "ignored", "failed"]),
  from: z.array(z.string()),
  to: z.array(z.string()),
  effects: z.array(z.string()),
});
export type HappenedLine = z.infer<typeof HappenedLine>;

export const StoryStep = z.object({
  key: z.enum(["start", "plan", "payment", "join", "connect", "reminder", "renewal"]),
  isDone: z.boolean(),
});

const NamedTimer = TimerLine.extend({ address: ActorAddress, machine: MachineName, name: z.string() });

export const SandboxState = z.object({
  visit: z.int().meta({ description: "grows with each reset" }),
  visitor: z.object({
    userId: z.int(),
    name: z.string(),
    username: z.string().nullable(),
    language: Language,
    isBlocking: z.boolean(),
    stars: z.int(),
  }),
  bot: z.object({ name: z.string(), username: z.string() }),
  clock: z.object({
    now: At,
    status: z
      .enum(["settled", "moving", "unsettled"])
      .meta({ description: "unsettled: what followed from the last deed takes longer than the page waited" }),
    wentOn: z
      .object({ ms: z.int(), waits: z.array(z.string()) })
      .meta({ description: "how far it went by itself after the last deed, for these waits of work under way" }),
    /** What happens at the moment. */
    doing: z.string().nullable(),
    next: NamedTimer.nullable().meta({ description: "where `nextTimer` leads" }),
  }),
  chat: z.array(ChatItem),
  commands: z.array(z.object({ command: z.string(), description: z.string() })),
  toast: z.object({ id: z.string(), text: z.string(), isAlert: z.boolean() }).nullable(),
  question: z.enum(["email", "sheet", "token"]).nullable(),
  channels: z.array(
    z.object({
      chatId: z.string(),
      title: z.string(),
      isMember: z.boolean(),
      isWaiting: z.boolean(),
      members: z.int(),
    }),
  ),
  actors: z.array(
    z.object({
      address: ActorAddress,
      machine: MachineName,
      id: z.string(),
      seq: z.int(),
      status: z.enum(["active", "done", "error"]),
      states: z.array(z.string()),
      entries: z.array(HappenedLine).meta({ description: "newest first" }),
    }),
  ),
  toCome: z
    .array(z.object({ machine: MachineName, states: z.array(z.string()) }))
    .meta({ description: "actors that the story will have, and where they will begin" }),
  happened: z.array(HappenedLine).meta({ description: "newest first" }),
  timers: z.array(NamedTimer),
  steps: z.array(StoryStep),
  breakages: z.array(
    z.object({
      what: Breakage,
      isOn: z.boolean(),
      isOnce: z.boolean(),
      isPossible: z.boolean(),
      hits: z.int(),
      choices: z.array(z.string()).meta({ description: "what of it can break; none: it breaks as a whole" }),
      choice: z.string().nullable().meta({ description: "what of it is broken, or would be" }),
    }),
  ),
  /** Why the last deed did not do what was asked. */
  trouble: z.object({ id: z.int(), text: z.string() }).nullable(),
  play: Deed.nullable().meta({ description: "what the story does next; null: it is over" }),
  deeds: z.int().meta({ description: "how many since the reset" }),
});
export type SandboxState = z.infer<typeof SandboxState>;
