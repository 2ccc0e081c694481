// People who bought something in the sandbox, for the tests of pages.
import type { Stage } from "../../../src/sandbox/play/stage.ts";
import type { Person } from "../../../src/sandbox/telegram/people/person.ts";
import type { NewUser } from "../../../src/sandbox/telegram/world/users.ts";

/** Of the built-in sample of plans. */
export const PRODUCT = "wb-analytics";
const PLAN = "pro-month";
const INVOICE = /\/\$/;

/** Somebody new who starts the bot, chooses a month and pays it. */
export async function buyMonth(stage: Stage, user: NewUser): Promise<Person> {
  const person = stage.emulator.people.add({ stars: 5_000, ...user });
  person.start();
  await stage.settle();
  for (const button of ["v1:plans:", `v1:plan:${PLAN}`]) {
    person.press(button);
    await stage.settle();
  }
  const links = person
    .messages()
    .flatMap(({ buttons }) => buttons.flat())
    .flatMap((button) => (button.kind === "url" && INVOICE.test(button.url) ? [button.url] : []));
  const outcome = await person.payInvoice(links.at(-1) ?? "");
  await stage.settle();
  if (outcome.kind !== "paid") throw new Error(`the payment was ${outcome.kind}`);
  return person;
}
