import type { EffectTable, InvocationTable } from "../table.ts";
import { makeApproveJoinRequest } from "./approve-join-request.ts";
import { makeCheckMembership } from "./check-membership.ts";
import { makeCreateInvite } from "./create-invite.ts";
import { type DeclineDeps, makeDeclineJoinRequest } from "./decline-join-request.ts";
import { makeEditStarSubscription } from "./edit-star-subscription.ts";
import { makeInspectChannel } from "./inspect-channel.ts";
import { makeRefundCharge } from "./refund-charge.ts";
import { makeRemoveMember } from "./remove-member.ts";
import { makeRevokeInviteLink } from "./revoke-invite-link.ts";
import { makeStopOldRenewal } from "./stop-old-renewal.ts";

/** Everything that is carried out at Telegram; messages are the bot's. */
export function makeTelegramExecutors(deps: DeclineDeps) {
  return {
    effects: {
      declineJoinRequest: makeDeclineJoinRequest(deps),
      revokeInviteLink: makeRevokeInviteLink(deps),
      stopOldRenewal: makeStopOldRenewal(deps),
    } satisfies Partial<EffectTable>,
    invocations: {
      createInvite: makeCreateInvite(deps),
      approveJoinRequest: makeApproveJoinRequest(deps),
      removeMember: makeRemoveMember(deps),
      checkMembership: makeCheckMembership(deps),
      refundCharge: makeRefundCharge(deps),
      editStarSubscription: makeEditStarSubscription(deps),
      inspectChannel: makeInspectChannel(deps),
    } satisfies Partial<InvocationTable>,
  };
}
