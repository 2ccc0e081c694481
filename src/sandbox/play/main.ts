// `npm run play`: a subscriber's whole life as a timeline. Exit code 0 only if every step was right.
import { openStage } from "./stage.ts";
import { makeStory } from "./story.ts";
import { changesOf, dayOf, makePaint, seenAs } from "./timeline.ts";

const out = (line = "") => process.stdout.write(`${line}\n`);
const paint = makePaint(process.stdout.isTTY === true);
const started = performance.now();
let wrong = 0;

const stage = await openStage();
try {
  const start = await stage.now();
  const { people, steps } = makeStory(stage);
  out(paint.bold("One subscriber's whole life: real service, real Redis, simulated Telegram, a clock that runs ahead"));
  for (const [index, step] of steps.entries()) {
    const shown = new Map(people.map((person) => [person.id, person.messages().length]));
    let claims: readonly (readonly [string, boolean])[] = [];
    let problem = "";
    try {
      await step.act();
      claims = await step.expect();
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error);
    }
    const failed = claims.filter(([, holds]) => !holds).map(([claim]) => claim);
    const isRight = problem === "" && failed.length === 0;
    if (!isRight) wrong += 1;
    const progress = `[${String(index + 1).padStart(2)}/${steps.length}]`;
    out();
    out(
      `${paint.dim(progress)} ${paint.dim(dayOf(await stage.now(), start))}  ${isRight ? paint.good("✓") : paint.bad("✗")} ${paint.bold(step.who)} ${step.what}`,
    );
    for (const line of changesOf(await stage.news(people))) out(`        ${paint.dim(line)}`);
    for (const person of people) {
      for (const bubble of person.messages().slice(shown.get(person.id) ?? 0)) {
        if (bubble.from === "bot" && bubble.text !== "")
          out(`        ${person.user.first_name} reads ${seenAs(bubble)}`);
      }
    }
    if (problem !== "") out(`        ${paint.bad(`wrong: ${problem}`)}`);
    for (const claim of failed) out(`        ${paint.bad(`wrong: ${claim}`)}`);
  }
  out();
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);
  out(
    wrong === 0
      ? paint.good(`All ${steps.length} steps were right, in ${seconds} s.`)
      : paint.bad(`${wrong} of ${steps.length} steps were wrong (${seconds} s).`),
  );
} finally {
  await stage.close();
}
process.exit(wrong === 0 ? 0 : 1);
