// The part of the story in which the product is connected: three answers, one of them wrong, and a backend that drops an answer.
import { addressOf } from "../../../machines/address.ts";
import { mintWbToken } from "../backend/wb-token/mint.ts";
import type { Person } from "../telegram/people/person.ts";
import type { Stage } from "./stage.ts";
import type { Step } from "./step.ts";

type Claim = readonly [claim: string, holds: boolean];

/** What the story already knows how to say. */
export interface ConnectTools {
  readonly stage: Stage;
  readonly person: Person;
  readonly product: string;
  readonly isIn: (address: ReturnType<typeof addressOf.onboarding>, state: string) => Promise<Claim>;
  readonly sees: (person: Person, pattern: RegExp) => Claim;
  readonly pressButton: (person: Person, pattern: RegExp) => Promise<void>;
}

const SHEET = "1SandboxSpreadsheet_0123456789-abcdefghijKLM";
const SELLER = "5f0c6f0e-6f0b-4b0e-9a49-2f6a1f2b3c4d";

export function connectSteps({ stage, person, product, isIn, sees, pressButton }: ConnectTools): Step[] {
  const onboarding = addressOf.onboarding(person.id, product);
  const says = async (text: string) => {
    person.send(text);
    await stage.settle();
  };
  const effectsOf = (kind: string) =>
    stage.product.calls().flatMap(({ effects }) => effects.filter((effect) => effect.kind === kind));

  return [
    {
      who: "Anna",
      what: "begins to connect the product; her first answer is no e-mail",
      act: async () => {
        await pressButton(person, /^v1:connect:/);
        await says("анна собака gmail");
      },
      expect: async () => [
        await isIn(onboarding, "step.asking.awaitingEmail"),
        sees(person, /Не похоже на почту/),
        sees(person, /Шаг 1 из 3/),
      ],
    },
    {
      who: "Anna",
      what: "sends her e-mail and the link of her spreadsheet",
      act: async () => {
        await says("anna@gmail.com");
        await says(`https://docs.google.com/spreadsheets/d/${SHEET}/edit#gid=0`);
      },
      expect: async () => [
        await isIn(onboarding, "step.asking.awaitingToken"),
        sees(person, /a…a@gmail\.com/),
        sees(person, /Шаг 3 из 3/),
      ],
    },
    {
      who: "Anna",
      what: "sends her Wildberries token; the backend loses an answer on the way",
      act: async () => {
        // The effect happens and the connection drops: the second attempt must not add a second token.
        stage.product.faults.add({ path: "/api/admin/wb/tokens/add", times: 1, fault: { lose_answer: true } });
        await says(mintWbToken({ now: await stage.now(), sid: SELLER }));
        await stage.retried();
      },
      expect: async () => [
        await isIn(onboarding, "step.ready"),
        await isIn(onboarding, "promise.kept"),
        sees(person, /Готово/),
        ["the message with the token is gone", !person.messages().some(({ text }) => text.includes("eyJ"))],
        ["one registration", effectsOf("spreadsheet_registered").length === 1],
        ["one token", effectsOf("token_added").length === 1],
        ["one refresh", effectsOf("refresh_started").length === 1],
      ],
    },
  ];
}
