// What a drill works on: the HTTP controls of a simulated Telegram, and the service's own admin API. Another process, or another machine.
import { z } from "zod";

export interface Staging {
  /** Root of the service's HTTP server, without a slash. */
  readonly service: string;
  /** Root of the simulated Telegram: the service's `TELEGRAM_API_ROOT`. Its controls must be open. */
  readonly emulator: string;
  /** Of the role finance at least. */
  readonly adminToken: string;
}

const Button = z.looseObject({ kind: z.string(), url: z.string().optional(), data: z.string().optional() });
const Bubble = z.looseObject({
  messageId: z.int(),
  from: z.string(),
  kind: z.string(),
  isDeleted: z.boolean(),
  buttons: z.array(z.array(Button)),
});
export type Bubble = z.output<typeof Bubble>;

const Outcome = z.looseObject({
  kind: z.string(),
  chargeId: z.string().optional(),
  errorMessage: z.string().optional(),
});

const Call = z.looseObject({ seq: z.int(), at: z.number(), method: z.string(), response: z.unknown() });

/** A call takes longer only when something is wrong. Unit: milliseconds. */
const PATIENCE_MS = 20_000;

/** @throws Error with what was asked and what came back. */
async function ask(url: string, init: RequestInit = {}): Promise<unknown> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(PATIENCE_MS) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${init.method ?? "GET"} ${url}: ${response.status} ${text.slice(0, 300)}`);
  return response.headers.get("content-type")?.includes("json") ? JSON.parse(text) : text;
}

const json = (body: unknown): RequestInit => ({
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});

/** The people's side. */
export function makePeople({ emulator }: Staging) {
  const control = async <S extends z.ZodType>(schema: S, path: string, body?: unknown): Promise<z.output<S>> => {
    const answer = await ask(`${emulator}/__telegram/${path}`, body === undefined ? {} : json(body));
    return schema.parse(z.object({ result: z.unknown() }).parse(answer).result);
  };
  return {
    add: async (firstName: string, stars: number) =>
      (await control(z.looseObject({ id: z.int() }), "people/add", { firstName, stars, languageCode: "en" })).id,
    start: (userId: number, payload?: string) =>
      control(z.unknown(), "people/start", { userId, ...(payload === undefined ? {} : { payload }) }),
    press: (userId: number, button: string) => control(z.unknown(), "people/press", { userId, button }),
    /** Returns when Telegram has asked the bot and charged, or not. */
    pay: (userId: number, what: { readonly link: string } | { readonly messageId: number }) =>
      control(Outcome, "people/pay", { userId, ...what }),
    openLink: (userId: number, link: string) => control(Outcome, "people/openLink", { userId, link }),
    messages: (userId: number) => control(z.array(Bubble), `messages?userId=${userId}`),
    /** Calls of the bot about this person. */
    calls: (method: string, userId: number) => control(z.array(Call), `calls?method=${method}&userId=${userId}`),
  };
}
export type People = ReturnType<typeof makePeople>;

const Plans = z.looseObject({
  plans: z.array(
    z.looseObject({
      code: z.string(),
      product: z.string(),
      price: z.object({ currency: z.string(), amountMinor: z.int() }),
      recurring: z.boolean(),
    }),
  ),
});

/** The staff's side, and what the service counts. */
export function makeOffice({ service, adminToken }: Staging) {
  const authorization = `Bearer ${adminToken}`;
  const command = (userId: number, name: "grant" | "revoke", body: object) => {
    const { headers, ...init } = json({ ...body, reason: "staging drill" });
    return ask(`${service}/api/v1/customers/${userId}/${name}`, { ...init, headers: { ...headers, authorization } });
  };
  return {
    plans: async () => Plans.parse(await ask(`${service}/api/v1/plans`, { headers: { authorization } })).plans,
    grant: (userId: number, plan: string, idempotencyKey: string) =>
      command(userId, "grant", { plan, days: 1, idempotencyKey }),
    revoke: (userId: number, product: string, idempotencyKey: string) =>
      command(userId, "revoke", { product, idempotencyKey }),
    /** How many charges the person's subscription counts. */
    async charges(userId: number, product: string): Promise<number> {
      const answer = await ask(`${service}/api/v1/actors/subscription/${userId}:${product}`, {
        headers: { authorization },
      });
      return z.looseObject({ context: z.looseObject({ charges: z.int() }) }).parse(answer).context.charges;
    },
    /** Sum of a counter over its labels. */
    async counter(name: string): Promise<number> {
      const text = z.string().parse(await ask(`${service}/metrics`));
      return text
        .split("\n")
        .filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`))
        .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" ") + 1)), 0);
    },
  };
}
export type Office = ReturnType<typeof makeOffice>;
