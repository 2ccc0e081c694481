// Every chat that the plans sell has an actor that watches the bot's rights there; at start, and after a reload, somebody must read what is missing.
import { addressOf } from "../../machines/address.ts";
import type { ChannelContext } from "../../machines/channel/types.ts";
import type { Catalog } from "../plans.ts";
import type { Actors, ActorView } from "../runtime/ports.ts";
import type { Logger } from "../telemetry/logger.ts";

/** How long the first look at a channel may take before the start goes on without it. Unit: milliseconds. */
const FIRST_LOOK_MS = 5_000;

/** What to give the bot, in the words of Telegram's own screens. */
const ADVICE = {
  presence: "add the bot as an administrator",
  canInvite: 'give it "Invite Users via Link"',
  canRestrict: 'give it "Ban Users"',
} as const;

/** Tells the actors of all chats on sale that they are, so that they look at the bot's rights. */
export async function registerChannels(actors: Pick<Actors, "send">, catalog: Catalog): Promise<void> {
  for (const chatId of chatsOf(catalog)) {
    await actors.send(
      addressOf.channel(chatId),
      { type: "channel.registered", breaker: catalog.limits.removalBreaker },
      { cause: { kind: "system", id: `catalog ${catalog.version}` } },
    );
  }
}

/** One line per channel that cannot be managed. The start goes on: what is missing can be given while the service runs. */
export async function reportChannels(
  actors: Pick<Actors, "waitFor">,
  catalog: Catalog,
  logger: Logger,
  botUsername: string,
): Promise<void> {
  await Promise.all(
    chatsOf(catalog).map(async (chatId) => {
      const { view } = await actors.waitFor(addressOf.channel(chatId), isLookedAt, { timeoutMs: FIRST_LOOK_MS });
      if (view && stateIs(view, "health.healthy")) return;
      const { title, missing } = (view?.context ?? { title: null, missing: [] }) as unknown as ChannelContext;
      const name = title === null ? chatId : `"${title}" (${chatId})`;
      const advice =
        missing.length > 0
          ? missing.map((right) => ADVICE[right]).join(", ")
          : "it could not be looked at yet; is the bot in it?";
      logger.warn(
        { event: "channel.unmanageable", chatId, missing },
        `@${botUsername} cannot manage ${name}: ${advice}. Until then nobody is let in or put out there, and its product is not sold.`,
      );
    }),
  );
}

const chatsOf = (catalog: Catalog): readonly string[] => [
  ...new Set([...catalog.products.values()].flatMap((product) => product.chats)),
];
const stateIs = (view: ActorView, state: string): boolean =>
  view.states.some((leaf) => leaf === state || leaf.startsWith(`${state}.`));
const isLookedAt = (view: ActorView): boolean =>
  ["health.healthy", "health.degraded", "health.lost", "health.givenUp"].some((state) => stateIs(view, state)) &&
  Object.keys(view.invocations).length === 0;
