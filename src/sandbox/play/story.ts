// One subscriber's whole life, and a refund of another's. Each step does what a person or Telegram would do, then says what must be true.
import type { ActorAddress } from "../../../machines/address.ts";
import { addressOf } from "../../../machines/address.ts";
import type { Person } from "../telegram/people/person.ts";
import type { BubbleView } from "../telegram/people/screen.ts";
import { connectSteps } from "./connect-story.ts";
import type { Stage } from "./stage.ts";
import type { Step } from "./step.ts";

export interface Story {
  readonly people: readonly Person[];
  readonly steps: readonly Step[];
}

const DAY_MS = 86_400_000;
const PRODUCT = "wb-analytics";
const PLAN = "pro-month";
const PRICE = 500;

/** @throws Error when the sandbox's plans are not the built-in sample */
export function makeStory(stage: Stage): Story {
  const { emulator, app } = stage;
  const product = app.catalog.current().products.get(PRODUCT);
  const chat = product?.chats[0];
  if (!product || chat === undefined) throw new Error("the story plays on the built-in sample; unset PLANS_FILE");
  const channelId = Number(chat);
  const anna = emulator.people.add({ firstName: "Анна", username: "anna_shop", languageCode: "ru", stars: 2 * PRICE });
  const boris = emulator.people.add({ firstName: "Boris", username: "boris_wb", languageCode: "en", stars: PRICE });
  let annasLink = "";
  let borisCharge = "";
  let annasFirstCharge = "";

  const subscription = (person: Person) => addressOf.subscription(person.id, PRODUCT);
  const invite = (person: Person) => addressOf.invite(person.id, chat);
  const statesOf = async (address: ActorAddress) => (await stage.read(address))?.states ?? [];
  const isIn = async (address: ActorAddress, state: string): Promise<readonly [string, boolean]> => {
    const states = await statesOf(address);
    const machine = address.slice(0, address.indexOf("/"));
    const holds = states.some((leaf) => leaf === state || leaf.startsWith(`${state}.`));
    return [`${machine} is ${state}${holds ? "" : ` (it is ${states.join(", ") || "not there"})`}`, holds];
  };
  const inside = (person: Person, expected: boolean): readonly [string, boolean] => [
    `${person.user.first_name} is ${expected ? "in" : "not in"} the channel`,
    person.isIn(channelId) === expected,
  ];
  const screenOf = (person: Person): BubbleView => {
    const screen = person.screen();
    if (!screen) throw new Error(`${person.user.first_name} sees no message`);
    return screen;
  };
  const sees = (person: Person, pattern: RegExp): readonly [string, boolean] => [
    `${person.user.first_name} reads ${pattern.source}`,
    person
      .messages()
      .slice(-4)
      .some((bubble) => bubble.from === "bot" && pattern.test(bubble.text)),
  ];
  const urlOn = (bubble: BubbleView, pattern: RegExp): string => {
    const found = bubble.buttons.flat().find((button) => button.kind === "url" && pattern.test(button.url));
    if (found?.kind !== "url")
      throw new Error(
        `no button leads to ${pattern.source}; on screen: ${bubble.buttons
          .flat()
          .map(({ text }) => text)
          .join(" | ")}`,
      );
    return found.url;
  };
  /** The newest bot message with such a link. */
  const findUrl = (person: Person, pattern: RegExp): string => {
    const bubble = person
      .messages()
      .reverse()
      .find((one) => one.buttons.flat().some((button) => button.kind === "url" && pattern.test(button.url)));
    if (!bubble) throw new Error(`${person.user.first_name} was shown no link like ${pattern.source}`);
    return urlOn(bubble, pattern);
  };
  const INVOICE = /\/\$/;
  const INVITE = /\/\+/;
  const press = async (person: Person, data: string) => {
    person.press(data);
    await stage.settle();
  };
  const pay = async (person: Person): Promise<string> => {
    const outcome = await person.payInvoice(findUrl(person, INVOICE));
    await stage.settle();
    if (outcome.kind !== "paid") throw new Error(`the payment was ${outcome.kind}`);
    return outcome.chargeId;
  };
  const join = async (person: Person) => {
    person.openLink(findUrl(person, INVITE));
    await stage.settle();
  };
  const contextOf = async (address: ActorAddress) => (await stage.read(address))?.context ?? {};
  const paidUntil = async (person: Person) => Number((await contextOf(subscription(person))).paidUntil);
  /** When the timer of a subscription's state fires, epoch ms. */
  const dueOf = async (person: Person, name: string) => {
    const timers = (await stage.read(subscription(person)))?.timers ?? {};
    const timer = Object.entries(timers).find(([id]) => id.startsWith(`${name}.`));
    if (!timer) throw new Error(`no timer ${name}; armed: ${Object.keys(timers).join(", ") || "none"}`);
    return timer[1].dueAt;
  };
  const untilTimer = async (person: Person, name: string) => stage.advanceTo((await dueOf(person, name)) + 1);
  const pressButton = async (person: Person, pattern: RegExp) => {
    const button = person
      .messages()
      .reverse()
      .flatMap((bubble) => bubble.buttons.flat())
      .find((one) => one.kind === "callback" && pattern.test(one.data));
    if (button?.kind !== "callback")
      throw new Error(`no button ${pattern.source} on ${person.user.first_name}'s screen`);
    await press(person, button.data);
  };

  const steps: Step[] = [
    {
      who: "Anna",
      what: "presses Start",
      act: async () => {
        anna.start();
        await stage.settle();
      },
      expect: async () => [
        await isIn(addressOf.customer(anna.id), "contact.reachable"),
        sees(anna, /Здравствуйте, Анна/),
        inside(anna, false),
      ],
    },
    {
      who: "Anna",
      what: "looks at the plans and chooses a month",
      act: async () => {
        await press(anna, "v1:plans:");
        await press(anna, `v1:plan:${PLAN}`);
      },
      expect: async () => [await isIn(subscription(anna), "billing.checkout"), sees(anna, /500/)],
    },
    {
      who: "Anna",
      what: "pays 500 Stars",
      act: async () => {
        annasFirstCharge = await pay(anna);
      },
      expect: async () => [
        await isIn(subscription(anna), "billing.active"),
        await isIn(subscription(anna), "intent.autoRenew"),
        await isIn(addressOf.payment(annasFirstCharge), "applied"),
        await isIn(invite(anna), "linkIssued"),
        sees(anna, /Оплата получена/),
        ["500 Stars left her balance", anna.stars === PRICE],
      ],
    },
    {
      who: "Boris",
      what: "knocks with Anna's link, without paying",
      act: async () => {
        annasLink = findUrl(anna, INVITE);
        boris.start();
        await stage.settle();
        boris.openLink(annasLink);
        await stage.settle();
      },
      expect: async () => [
        inside(boris, false),
        ["his request was declined", emulator.calls({ method: "declineChatJoinRequest" }).length === 1],
        sees(boris, /belongs to someone else/),
        sees(anna, /Не пустили|не пустили/),
        ["Anna has a new link", findUrl(anna, INVITE) !== annasLink],
      ],
    },
    {
      who: "Anna",
      what: "opens her invitation and is let in",
      act: () => join(anna),
      expect: async () => [await isIn(invite(anna), "member"), inside(anna, true), sees(anna, /Вы в канале/)],
    },
    ...connectSteps({ stage, person: anna, product: PRODUCT, isIn, sees, pressButton }),
    {
      who: "clock",
      what: "three days before the end",
      act: () => untilTimer(anna, "nextReminder"),
      expect: async () => [await isIn(subscription(anna), "billing.active"), sees(anna, /спишет 500/)],
    },
    {
      who: "Telegram",
      what: "renews: 500 Stars for the next month",
      act: async () => {
        const before = await paidUntil(anna);
        await stage.advanceTo(before + 60_000);
        if ((await paidUntil(anna)) < before + 29 * DAY_MS) throw new Error("the paid time was not prolonged");
      },
      expect: async () => [
        await isIn(subscription(anna), "billing.active"),
        inside(anna, true),
        sees(anna, /Продлено/),
        ["her balance is empty", anna.stars === 0],
        ["two charges count", Number((await contextOf(subscription(anna))).charges) === 2],
      ],
    },
    {
      who: "Telegram",
      what: "cannot renew: too few Stars",
      act: async () => {
        await stage.advanceTo((await paidUntil(anna)) + 60_000);
      },
      expect: async () => [await isIn(subscription(anna), "billing.renewalSlack"), inside(anna, true)],
    },
    {
      who: "clock",
      what: "the silent day is over: grace begins",
      act: () => untilTimer(anna, "slackEnd"),
      expect: async () => [
        await isIn(subscription(anna), "billing.pastDue.grace"),
        inside(anna, true),
        sees(anna, /не прошла/),
      ],
    },
    {
      who: "clock",
      what: "grace is over: she is put out",
      act: () => untilTimer(anna, "graceEnd"),
      expect: async () => [
        await isIn(subscription(anna), "billing.pastDue.hold"),
        await isIn(invite(anna), "removed"),
        inside(anna, false),
        sees(anna, /Доступ к каналу .*закрыт/),
      ],
    },
    {
      who: "Anna",
      what: "tops up and pays from the last message",
      act: async () => {
        anna.topUp(3 * PRICE);
        await stage.settle();
        if (!(await statesOf(subscription(anna))).some((state) => state.startsWith("billing.active"))) {
          await pressButton(anna, /^v1:plan:/);
          await pay(anna);
        }
      },
      expect: async () => [
        await isIn(subscription(anna), "billing.active"),
        await isIn(invite(anna), "linkIssued"),
        sees(anna, /Оплата получена/),
      ],
    },
    {
      who: "Anna",
      what: "is back in the channel",
      act: () => join(anna),
      expect: async () => [await isIn(invite(anna), "member"), inside(anna, true)],
    },
    {
      who: "Anna",
      what: "switches the renewal off, in two taps",
      act: async () => {
        anna.send("/status");
        await stage.settle();
        if (
          !screenOf(anna)
            .buttons.flat()
            .some((button) => button.kind === "callback" && button.data.startsWith("v1:cancelask:"))
        ) {
          await press(anna, `v1:status:${PRODUCT}`);
        }
        await pressButton(anna, /^v1:cancelask:/);
        await pressButton(anna, /^v1:cancel:/);
      },
      expect: async () => [
        await isIn(subscription(anna), "intent.endsAtPeriodEnd"),
        await isIn(subscription(anna), "billing.active"),
        inside(anna, true),
        sees(anna, /Продление отключено/),
        ["Telegram renews nothing of hers any more", anna.subscriptions().every(({ state }) => state !== "active")],
      ],
    },
    {
      who: "clock",
      what: "the paid time is over: access ends on time",
      act: () => untilTimer(anna, "periodEnd"),
      expect: async () => [
        await isIn(subscription(anna), "billing.expired"),
        await isIn(invite(anna), "removed"),
        inside(anna, false),
        sees(anna, /Подписка .*закончилась/),
      ],
    },
    {
      who: "Boris",
      what: "buys and joins",
      act: async () => {
        await press(boris, "v1:plans:");
        await press(boris, `v1:plan:${PLAN}`);
        borisCharge = await pay(boris);
        await join(boris);
      },
      expect: async () => [
        await isIn(subscription(boris), "billing.active"),
        inside(boris, true),
        ["his balance is empty", boris.stars === 0],
      ],
    },
    {
      who: "support",
      what: "refunds Boris, with a reason",
      act: async () => {
        const answer = await stage.api("POST", `/api/v1/actors/payment/${borisCharge}/events`, {
          event: { type: "refund.requested", by: "olga", reason: "asked for it the same day", access: "policy" },
          reason: "asked for it the same day",
          idempotencyKey: "play-refund-1",
        });
        if (answer.status !== 200) throw new Error(`the refund was answered ${answer.status}: ${answer.text}`);
        await stage.settle();
      },
      expect: async () => [
        await isIn(addressOf.payment(borisCharge), "refunded"),
        await isIn(subscription(boris), "billing.refunded"),
        inside(boris, false),
        sees(boris, /Refunded 500/),
        ["he has his Stars back", boris.stars === PRICE],
      ],
    },
    {
      who: "books",
      what: "the ledger equals Telegram's, every history is whole",
      act: () => stage.settle(),
      expect: async () => {
        const { text } = await stage.api("GET", "/api/v1/ledger.csv");
        const rows = text
          .trim()
          .split("\r\n")
          .slice(1)
          .map((line) => line.split(","));
        const net = rows.reduce((sum, row) => sum + Number(row[3]), 0);
        const addresses = [...(await stage.actorsOf(anna)), ...(await stage.actorsOf(boris))];
        const whole = await Promise.all(addresses.map((address) => app.core.actors.verify(address)));
        return [
          [`the books say ${net} Stars, the bot has ${emulator.botStars}`, net === emulator.botStars],
          [`${whole.length} histories verify`, whole.every(({ ok }) => ok)],
          ["no effect failed for good", (await app.core.failed.list()).length === 0],
        ];
      },
    },
  ];
  return { people: [anna, boris], steps };
}
