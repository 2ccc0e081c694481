// The set-up as journeys go through it: what a customer sends, and what the backend was made to do.
import { addressOf } from "../../../machines/address.ts";
import type { OnboardingContext } from "../../../machines/onboarding/types.ts";
import type { CallRecord } from "../../../src/sandbox/backend/journal.ts";
import { type MintOptions, mintWbToken } from "../../../src/sandbox/backend/wb-token/mint.ts";
import type { Stage } from "../../../src/sandbox/play/stage.ts";
import type { NewUser } from "../../../src/sandbox/telegram/world/users.ts";
import type { Scene } from "./scene.ts";
import type { Subscriber } from "./subscriber.ts";

const PRODUCT = "suite";
const EMAIL = "anna@gmail.com";
/** What the button of the set-up says to the bot. */
export const CONNECT = `v1:connect:${PRODUCT}`;

export const PATHS = {
  register: "/api/admin/spreadsheets/register",
  addToken: "/api/admin/wb/tokens/add",
  verify: "/api/ss/wb/token/get",
  refresh: "/api/ss/datasets/update",
  collect: "/api/actions",
  rows: "/api/ss/datasets/data",
} as const;

let count = 0;
/** Of a spreadsheet and of a seller that no other test has to do with. */
export const newSheet = (): string => `1Journey_${String(++count).padStart(6, "0")}-AbCdEfGhIjKlMnOpQrStUvWxYz01`;
export const newSeller = (): string => `8f14e45f-ceea-467f-a8d2-${String(++count).padStart(12, "0")}`;
export const sheetLink = (id: string): string => `https://docs.google.com/spreadsheets/d/${id}/edit?usp=sharing#gid=0`;

/** Somebody who connects a spreadsheet. */
export class Connector {
  readonly someone: Subscriber;
  readonly sheet = newSheet();
  readonly seller = newSeller();
  readonly #scene: Scene;

  constructor(someone: Subscriber, scene: Scene) {
    this.someone = someone;
    this.#scene = scene;
  }

  get #stage(): Stage {
    return this.#scene.stage;
  }

  get address() {
    return addressOf.onboarding(this.someone.id, PRODUCT);
  }

  mint(options: Partial<MintOptions> = {}): string {
    return mintWbToken({ now: this.#scene.now(), sid: this.seller, ...options });
  }

  // ---- what they do -----------------------------------------------------------------------------

  async opens(): Promise<this> {
    await this.someone.presses(CONNECT);
    return this;
  }

  async sendsEmail(email = EMAIL): Promise<this> {
    await this.someone.says(email);
    return this;
  }

  async sendsSheet(sheet = this.sheet): Promise<this> {
    await this.someone.says(sheetLink(sheet));
    return this;
  }

  async sendsToken(token = this.mint()): Promise<this> {
    await this.someone.says(token);
    return this;
  }

  /** All three. */
  async answers(): Promise<this> {
    await this.sendsEmail();
    await this.sendsSheet();
    return this.sendsToken();
  }

  // ---- what they see ----------------------------------------------------------------------------

  get screen(): string {
    return this.someone.person.screen()?.text ?? "";
  }

  /** Labels of the buttons below the newest message. */
  get buttons(): string[] {
    return (this.someone.person.screen()?.buttons ?? []).flat().map(({ text }) => text);
  }

  /** Data of the buttons below the newest message. */
  get presses(): string[] {
    return (this.someone.person.screen()?.buttons ?? [])
      .flat()
      .flatMap((button) => (button.kind === "callback" ? [button.data] : []));
  }

  get lastToast(): string {
    return this.someone.person.notices().at(-1)?.text ?? "";
  }

  // ---- what the service knows -------------------------------------------------------------------

  /** State of the region, such as `asking.awaitingEmail`. */
  async at(region: "step" | "promise" = "step"): Promise<string> {
    const states = (await this.#stage.read(this.address))?.states ?? [];
    return states.find((state) => state.startsWith(`${region}.`))?.slice(region.length + 1) ?? "";
  }

  async knows(): Promise<OnboardingContext> {
    const view = await this.#stage.read(this.address);
    if (!view) throw new Error("there is no onboarding");
    return view.context as unknown as OnboardingContext;
  }

  async auditedEvents(): Promise<string[]> {
    const entries = await this.#stage.app.core.actors.history(this.address, { limit: 200 });
    return entries.map(({ event }) => event.type);
  }

  // ---- what the backend was made to do ----------------------------------------------------------

  calls(path?: string, sheet = this.sheet): CallRecord[] {
    return this.#stage.product.calls(path === undefined ? {} : { path }).filter(({ body }) => {
      const { spreadsheet_id, ssId } = (body ?? {}) as { spreadsheet_id?: string; ssId?: string };
      return (spreadsheet_id ?? ssId) === sheet;
    });
  }

  /** How often each effect happened. */
  effects(sheet = this.sheet): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const { effects } of this.calls(undefined, sheet))
      for (const { kind } of effects) counts[kind] = (counts[kind] ?? 0) + 1;
    return counts;
  }
}

/** What one whole connection is at the backend, however often its answers were lost. */
export const ONE_OF_EACH = { spreadsheet_registered: 1, token_added: 1, refresh_started: 1 } as const;

/** Somebody who has paid and joined; the button of the set-up is on screen. */
export async function customer(
  scene: Scene,
  { plan = "suite-month", user = {} }: { readonly plan?: string; readonly user?: NewUser } = {},
): Promise<Connector> {
  const someone = await scene.newcomer(user);
  await someone.buysAndJoins(plan);
  return new Connector(someone, scene);
}
