// What is known of one person's right to a chat and of their invite: the facts that reconciliation judges by.
import { type ActorAddress, addressOf, parseAddress } from "../../machines/address.ts";
import { entitled } from "../../machines/entitlement.ts";
import type { InviteContext, Membership } from "../../machines/invite/types.ts";
import type { SubscriptionContext } from "../../machines/subscription/types.ts";
import { readSides } from "../effects/read-entitlement.ts";
import type { Actors, ActorView, Clock } from "../runtime/ports.ts";
import type { Finding } from "../support/answers/drift.ts";
import { judgePlace, PLACE_GRACE_MS, type PlaceFacts } from "../support/drift/place.ts";
import { isIn, regionOf, sinceOf, stateOf } from "../support/look.ts";

type Reading = Pick<Actors, "read" | "history">;

/**
 * @param seen What Telegram said; null: it was not asked.
 * @param graceMs How long it may be so before it counts. Unit: milliseconds.
 * @throws AppError redis.unreachable, or why an actor cannot be read
 */
export const makePlaceJudge =
  (actors: Reading, clock: Clock) =>
  async (
    userId: number,
    chatId: string,
    seen: Membership | null,
    graceMs: number = PLACE_GRACE_MS,
  ): Promise<Finding | null> => {
    const facts = await readFacts(actors, clock, userId, chatId, seen);
    // Most people are where they should be: since when is read only where it matters.
    if (facts === null || judgePlace(facts, -1) === null) return null;
    const [ofRight, ofInvite] = await Promise.all([
      facts.right.subscription === null ? null : sinceOf(actors, facts.right.subscription),
      facts.invite === null ? null : sinceOf(actors, addressOf.invite(userId, chatId)),
    ]);
    return judgePlace(
      {
        ...facts,
        right: { ...facts.right, since: ofRight },
        invite: facts.invite === null ? null : { ...facts.invite, since: ofInvite },
      },
      graceMs,
    );
  };

/** @returns null for a chat that cannot be managed now: its people have to wait for it, and staff know. */
async function readFacts(
  actors: Reading,
  clock: Clock,
  userId: number,
  chatId: string,
  seen: Membership | null,
): Promise<PlaceFacts | null> {
  const channel = await actors.read(addressOf.channel(chatId));
  if (channel === null || !channel.states.some((state) => isIn(state, "health.healthy"))) return null;
  const { invite, subscriptions } = await readSides(actors, userId, chatId);
  const now = clock.now();
  const ofChat = subscriptions.filter((view) => contextOf(view).terms?.chats.includes(chatId));
  const opening = ofChat.find((view) => opens(view, now));
  const telling = opening ?? ofChat.find(({ address }) => isBelieved(invite, address)) ?? ofChat[0];
  return {
    ...{ userId, chatId, now, seen },
    right: {
      entitled: opening !== undefined,
      refunded: telling !== undefined && isIn(regionOf(telling, "billing") ?? "", "refunded"),
      since: null,
      subscription: telling?.address ?? null,
    },
    invite:
      invite === null
        ? null
        : {
            state: stateOf(invite),
            seq: invite.rev,
            since: null,
            isHeard: ofChat.every((view) => isBelieved(invite, view.address) === opens(view, now)),
            untouchable: inviteOf(invite).untouchable,
            removalReason: inviteOf(invite).removalReason,
          },
  };
}

const contextOf = ({ context }: ActorView) => context as unknown as SubscriptionContext;
const inviteOf = ({ context }: ActorView) => context as unknown as InviteContext;

const isBelieved = (invite: ActorView | null, subscription: ActorAddress): boolean =>
  invite !== null && (inviteOf(invite).sources[parseAddress(subscription).id]?.entitled ?? false);

function opens(view: ActorView, now: number): boolean {
  const { riskBlocked, overrideUntil } = contextOf(view);
  return entitled({ billing: regionOf(view, "billing"), riskBlocked, overrideUntil }, now);
}
