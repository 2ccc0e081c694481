// Everything that can be broken on purpose. Most of it stays broken until it is mended; the rest happens once.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { parseDocument } from "yaml";
import type { Breakage, Deed, SandboxState } from "../../support/answers/sandbox.ts";
import type { Fault } from "../backend/faults.ts";
import type { CallRule, FaultHandle } from "../telegram/faults.ts";
import { DRIFT_KEYS, driftingKey, isConnected, setDrift } from "./data-drift.ts";
import { newestInvitation, newestInvoice, payWith } from "./on-screen.ts";
import type { Visit } from "./visit.ts";
import { type SandboxWorld, Trouble } from "./world.ts";

/** Longer than any sitting. */
const ALWAYS = 100_000;
/** So many calls are turned away: more would hold the clock up for minutes. */
const BUSY_CALLS = 3;

const CALLS: Readonly<Partial<Record<Breakage, (userId: number) => CallRule>>> = {
  telegramBusy: (chatId) => ({ chatId, times: BUSY_CALLS, fault: { kind: "error", status: 429, retryAfter: 1 } }),
  inviteFails: () => ({
    method: "createChatInviteLink",
    fault: { kind: "error", status: 500, description: "Internal Server Error" },
  }),
  deleteFails: (chatId) => ({
    method: "deleteMessage",
    chatId,
    fault: { kind: "error", status: 400, description: "Bad Request: message can't be deleted" },
  }),
};
const BACKEND: Readonly<Partial<Record<Breakage, { readonly path: string; readonly fault: Fault }>>> = {
  wbRefuses: {
    path: "/api/admin/wb/tokens/add",
    fault: { status: 422, code: "invalid_wb_token", details: { reason: "unauthorized" } },
  },
  wbSilent: { path: "/api/admin/wb/tokens/add", fault: { status: 504, code: "upstream_timeout" } },
};
const ONCE: readonly Breakage[] = ["strangerOnLink", "paidTwice", "paidByOther"];
const PRICE_RISE = 100;

export class Breakages {
  readonly #world: SandboxWorld;
  readonly #calls = new Map<Breakage, FaultHandle>();
  readonly #backend = new Set<Breakage>();
  #isPriceChanged = false;

  constructor(world: SandboxWorld) {
    this.#world = world;
  }

  /** @throws Trouble when there is nothing to break yet */
  async set({ what, on, choice }: Omit<Extract<Deed, { do: "break" }>, "do">, visit: Visit): Promise<void> {
    const call = CALLS[what];
    if (call) {
      this.#calls.get(what)?.remove();
      this.#calls.delete(what);
      if (on) this.#calls.set(what, this.#world.emulator.faults.onCall(call(visit.person.id)));
    } else if (BACKEND[what]) this.#setBackend(what, on);
    else if (what === "dataDrifts")
      setDrift(this.#world.product, visit.person.id, on ? (choice ?? DRIFT_KEYS[0]) : null);
    else if (what === "priceChanged") await this.#setPrice(on);
    else if (what === "botBlocked") on ? visit.person.block() : visit.person.unblock();
    else if (on) await this.#once(what, visit);
  }

  /** Everything is whole again. */
  async mend(visit: Visit): Promise<void> {
    for (const handle of this.#calls.values()) handle.remove();
    this.#calls.clear();
    this.#backend.clear();
    this.#world.product.faults.clear();
    if (this.#isPriceChanged) await this.#setPrice(false);
    if (isConnected(this.#world.product, visit.person.id)) setDrift(this.#world.product, visit.person.id, null);
    visit.person.unblock();
  }

  list(visit: Visit): SandboxState["breakages"] {
    const all: readonly Breakage[] = [...KEPT, ...ONCE];
    return all.map((what) => ({
      what,
      isOn: this.#isOn(what, visit),
      isOnce: ONCE.includes(what),
      isPossible:
        what === "dataDrifts"
          ? this.#world.collecting?.isOn === true && isConnected(this.#world.product, visit.person.id)
          : isPossible(what, visit, this.#isInside(visit)),
      hits: this.#calls.get(what)?.hits ?? 0,
      ...this.#choicesOf(what, visit),
    }));
  }

  #isOn(what: Breakage, visit: Visit): boolean {
    if (what === "botBlocked") return visit.person.isBlocking;
    if (what === "priceChanged") return this.#isPriceChanged;
    if (what === "dataDrifts") return driftingKey(this.#world.product, visit.person.id) !== null;
    const handle = this.#calls.get(what);
    if (what === "telegramBusy") return handle !== undefined && handle.hits < BUSY_CALLS;
    return handle !== undefined || this.#backend.has(what);
  }

  #choicesOf(what: Breakage, { person }: Visit): { choices: string[]; choice: string | null } {
    return what === "dataDrifts"
      ? { choices: [...DRIFT_KEYS], choice: driftingKey(this.#world.product, person.id) ?? DRIFT_KEYS[0] }
      : { choices: [], choice: null };
  }

  #isInside({ person }: Visit): boolean {
    return this.#world.emulator.channels.all().some(({ id }) => person.isIn(id));
  }

  /** The simulated backend forgets all of its faults or none. */
  #setBackend(what: Breakage, on: boolean): void {
    if (on) this.#backend.add(what);
    else this.#backend.delete(what);
    this.#world.product.faults.clear();
    for (const each of this.#backend) {
      const rule = BACKEND[each];
      if (rule) this.#world.product.faults.add({ ...rule, times: ALWAYS });
    }
  }

  /** By a plans file as an operator would write it, read again as on SIGHUP. */
  async #setPrice(on: boolean): Promise<void> {
    const { catalog, plans } = this.#world;
    if (on) {
      const document = parseDocument(await readFile(plans.file, "utf8"));
      const count = catalog.current().plans.size;
      for (let index = 0; index < count; index += 1) {
        const path = ["plans", index, "price", "amount"];
        document.setIn(path, Number(document.getIn(path)) + PRICE_RISE);
      }
      await mkdir(dirname(plans.changedFile), { recursive: true });
      await writeFile(plans.changedFile, document.toString());
    }
    const result = await catalog.reload(on ? plans.changedFile : undefined);
    if (!result.ok) throw new Trouble(result.problems.join("; "));
    this.#isPriceChanged = on;
  }

  async #once(what: Breakage, visit: Visit): Promise<void> {
    const { person, stranger } = visit;
    if (what === "strangerOnLink") {
      const link = newestInvitation(person);
      if (link === null || !isPossible(what, visit, this.#isInside(visit))) throw new Trouble("noInvitation");
      const outcome = stranger.openLink(link);
      if (outcome.kind === "refused") visit.strangerIsTold(outcome.reason);
      return;
    }
    const isTwice = what === "paidTwice";
    const target = isTwice ? visit.paidInvoice : newestInvoice(person);
    if (target === null) throw new Trouble("noInvoice");
    const foreign = isTwice || typeof target === "string" ? target : { ...target, chatOf: person };
    const outcome = await payWith(isTwice ? person : stranger, foreign);
    // Declined is what should happen; the payer reads why, on their own phone.
    if (outcome.kind !== "declined") return;
    if (isTwice) throw new Trouble(outcome.errorMessage);
    visit.strangerIsTold(outcome.errorMessage);
  }
}

const KEPT: readonly Breakage[] = [
  "telegramBusy",
  "inviteFails",
  "botBlocked",
  "wbRefuses",
  "wbSilent",
  "deleteFails",
  "priceChanged",
  "dataDrifts",
];

/** @param isInside The person is in a channel. */
function isPossible(what: Breakage, visit: Visit, isInside: boolean): boolean {
  const { person } = visit;
  // Whoever is in has used the link up.
  if (what === "strangerOnLink") return newestInvitation(person) !== null && !isInside;
  if (what === "paidTwice") return visit.paidInvoice !== null;
  if (what === "paidByOther") return newestInvoice(person) !== null;
  return true;
}
