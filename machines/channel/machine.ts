// One channel: can access be managed in it, and how many removals are too many? Words: ./CONTEXT.md.
import { assign, setup } from "xstate";
import { declareActions } from "../effects.ts";
import type { ActorInput, Stamped } from "../event.ts";
import { declareInvocation } from "../invocations.ts";
import { channelEffects } from "./effects.ts";
import {
  firstContext,
  hasRoomForRemoval,
  isLetThrough,
  missingRights,
  reinspectionMs,
  removalsWithinWindow,
} from "./policy.ts";
import type { ChannelContext, ChannelEvent, ChannelRights } from "./types.ts";

/** Rights come by an update or as the result of a look; both decide alike. */
const rightsOf = ({ event }: { event: { rights: ChannelRights } | { output: { rights: ChannelRights } } }) =>
  "rights" in event ? event.rights : event.output.rights;

const remember = { type: "rememberRights", params: rightsOf } as const;
const isManageable = { type: "isManageable", params: rightsOf } as const;
const isAbsent = { type: "isAbsent", params: rightsOf } as const;
const toHealthy = "#channel.health.healthy" as const;
const toDegraded = "#channel.health.degraded" as const;
const toLost = "#channel.health.lost" as const;
/** The first moment in which access cannot be managed. */
const stop = [remember, "forgetLooks", "stopClocks", "announceUnavailable"] as const;
const recover = [
  remember,
  "forgetLooks",
  "announceRecovered",
  "tellStaffRecovered",
  "closeTicket",
  "startClocks",
] as const;
/** Where it got worse or better without being well, somebody is at work on it: looks come often again. */
const change = [remember, "forgetLooks"] as const;
const lookAgain = { target: "waiting", actions: "countLook" } as const;
/** What else could be done is done by hand, by those who know why it is gone. */
const giveUp = {
  target: "#channel.health.givenUp",
  actions: ["announceGivenUp", "closeTicket", "startClocks", "forgetLooks"],
} as const;

const look = {
  src: "inspectChannel",
  id: "inspectChannel",
  input: ({ context }: { context: ChannelContext }) => ({ chatId: context.chatId }),
} as const;

export const channelMachine = setup({
  types: {} as { context: ChannelContext; events: Stamped<ChannelEvent>; input: ActorInput },
  actors: { inspectChannel: declareInvocation("inspectChannel") },
  delays: { reinspectionDelay: ({ context }) => reinspectionMs(context) },
  guards: {
    isManageable: (_, rights: ChannelRights) => missingRights(rights).length === 0,
    isAbsent: (_, rights: ChannelRights) => !rights.present,
    isLetThrough: ({ context, event }) =>
      event.type === "removal.asked" && isLetThrough(context, event.userId, event.at),
    hasRoomForRemoval: ({ context, event }) =>
      event.type === "removal.asked" && hasRoomForRemoval(context, event.members, event.at),
  },
  actions: {
    ...declareActions(channelEffects),
    rememberBreaker: assign(({ event }) => (event.type === "channel.registered" ? { breaker: event.breaker } : {})),
    rememberRights: assign(({ context }, rights: ChannelRights) => ({
      missing: missingRights(rights),
      // A bot that was put out sees neither title nor size: the last known ones still help people.
      title: rights.title ?? context.title,
      members: rights.members ?? context.members,
    })),
    stopClocks: assign({ unavailableSince: ({ context, event }) => context.unavailableSince ?? event.at }),
    startClocks: assign({ unavailableSince: null }),
    countLook: assign({ looks: ({ context }) => (context.looks ?? 0) + 1 }),
    forgetLooks: assign({ looks: 0 }),
    countRemoval: assign(({ context, event }) =>
      event.type === "removal.asked"
        ? { removals: [...removalsWithinWindow(context.removals, event.at), { userId: event.userId, at: event.at }] }
        : {},
    ),
    countHeld: assign({ heldCount: ({ context }) => context.heldCount + 1 }),
    forgetRemovals: assign({ removals: [], heldCount: 0 }),
  },
}).createMachine({
  id: "channel",
  context: ({ input }) => firstContext(input),
  type: "parallel",
  states: {
    health: {
      initial: "unseen",
      states: {
        // Nobody looked yet: nobody is removed, and no clock stands still.
        unseen: {
          initial: "unregistered",
          on: {
            "channel.registered": { target: ".inspecting", actions: ["rememberBreaker", "forgetLooks"] },
            "rights.seen": [
              { guard: isManageable, target: toHealthy, actions: remember },
              { guard: isAbsent, target: toLost, actions: stop },
              { target: toDegraded, actions: stop },
            ],
          },
          states: {
            unregistered: {},
            inspecting: {
              invoke: {
                ...look,
                onDone: [
                  { guard: isManageable, target: toHealthy, actions: change },
                  { guard: isAbsent, target: toLost, actions: stop },
                  { target: toDegraded, actions: stop },
                ],
                onError: "waiting",
              },
            },
            waiting: { after: { reinspectionDelay: "inspecting" } },
          },
        },

        healthy: {
          initial: "settled",
          on: {
            "channel.registered": { target: ".inspecting", actions: ["rememberBreaker", "forgetLooks"] },
            "rights.seen": [
              { guard: isManageable, actions: remember },
              { guard: isAbsent, target: toLost, actions: stop },
              { target: toDegraded, actions: stop },
            ],
            "call.refused": ".inspecting",
          },
          states: {
            settled: {},
            inspecting: {
              on: {
                "channel.registered": { actions: "rememberBreaker" },
                // The look that is under way will tell.
                "call.refused": {},
              },
              invoke: {
                ...look,
                onDone: [
                  { guard: isManageable, target: "settled", actions: change },
                  { guard: isAbsent, target: toLost, actions: stop },
                  { target: toDegraded, actions: stop },
                ],
                onError: "waiting",
              },
            },
            waiting: { after: { reinspectionDelay: "inspecting" } },
          },
        },

        degraded: {
          entry: ["tellStaffDegraded", "openTicket"],
          initial: "waiting",
          on: {
            "channel.registered": { target: ".inspecting", actions: ["rememberBreaker", "forgetLooks"] },
            "rights.seen": [
              { guard: isManageable, target: toHealthy, actions: recover },
              { guard: isAbsent, target: toLost, actions: change },
              { actions: remember },
            ],
            "channel.givenUp": giveUp,
          },
          states: {
            waiting: { after: { reinspectionDelay: "inspecting" } },
            inspecting: {
              on: { "channel.registered": { actions: "rememberBreaker" } },
              invoke: {
                ...look,
                onDone: [
                  { guard: isManageable, target: toHealthy, actions: recover },
                  { guard: isAbsent, target: toLost, actions: change },
                  { target: "waiting", actions: [remember, "countLook"] },
                ],
                onError: lookAgain,
              },
            },
          },
        },

        lost: {
          entry: ["tellStaffLost", "openTicket"],
          initial: "waiting",
          on: {
            "channel.registered": { target: ".inspecting", actions: ["rememberBreaker", "forgetLooks"] },
            "rights.seen": [
              { guard: isManageable, target: toHealthy, actions: recover },
              { guard: isAbsent, actions: remember },
              { target: toDegraded, actions: change },
            ],
            "channel.givenUp": giveUp,
          },
          states: {
            waiting: { after: { reinspectionDelay: "inspecting" } },
            inspecting: {
              on: { "channel.registered": { actions: "rememberBreaker" } },
              invoke: {
                ...look,
                onDone: [
                  { guard: isManageable, target: toHealthy, actions: recover },
                  { guard: isAbsent, target: "waiting", actions: [remember, "countLook"] },
                  { target: toDegraded, actions: change },
                ],
                onError: lookAgain,
              },
            },
          },
        },

        /** Nobody looks and no clock stands still. What Telegram says by itself, or a look at the next start finds, leads back. */
        givenUp: {
          initial: "settled",
          on: {
            "channel.registered": { target: ".inspecting", actions: "rememberBreaker" },
            "rights.seen": [{ guard: isManageable, target: toHealthy, actions: recover }, { actions: remember }],
          },
          states: {
            settled: {},
            inspecting: {
              on: { "channel.registered": { actions: "rememberBreaker" } },
              invoke: {
                ...look,
                onDone: [
                  { guard: isManageable, target: toHealthy, actions: recover },
                  { target: "settled", actions: remember },
                ],
                onError: "settled",
              },
            },
          },
        },
      },
    },

    removals: {
      initial: "flowing",
      states: {
        flowing: {
          on: {
            "removal.asked": [
              // A repeated try of a removal that was let through is not a new one.
              { guard: "isLetThrough" },
              { guard: "hasRoomForRemoval", actions: "countRemoval" },
              { target: "held", actions: ["countHeld", "tellStaffRemovalsHeld"] },
            ],
          },
        },
        held: {
          on: {
            "removal.asked": [{ guard: "isLetThrough" }, { actions: "countHeld" }],
            "removals.released": { target: "flowing", actions: ["forgetRemovals", "announceRemovalsReleased"] },
          },
        },
      },
    },
  },
});
