// What people of the staff ask and do, and the room in Telegram where they may do it too.
import { definitions } from "../../machines/registry.ts";
import type { CustomerBot } from "../bot/bot.ts";
import type { TicketTexts, UpdateQuarantine } from "../bot/ports.ts";
import type { StaffRoom } from "../bot/staff/ports.ts";
import type { CatalogSource } from "../catalog-source.ts";
import type { Config } from "../config.ts";
import type { Core } from "../core.ts";
import { termsOf } from "../plans.ts";
import { PARITY_DATASET } from "../quality/settings.ts";
import { makeRedisApprovalStore } from "../redis/approval-store.ts";
import { makeRedisBulkStore } from "../redis/bulk-store.ts";
import { makeRedisCollectionStore } from "../redis/collection-store.ts";
import type { RedisClient } from "../redis/connect.ts";
import type { Keys } from "../redis/keys.ts";
import { makeRedisLateTimers } from "../redis/late-timers.ts";
import type { Scripts } from "../redis/scripts.ts";
import type { Clock } from "../runtime/ports.ts";
import { makeSamePerson } from "../staff-aliases.ts";
import type { DriftBook } from "../support/drift/ports.ts";
import { makeStaffDesk, type StaffDesk } from "../support/staff-desk.ts";
import { makeSupport, type Support } from "../support/support.ts";
import { makeTold } from "../support/told.ts";
import type { Logger } from "../telemetry/logger.ts";
import { utcOffsetMinutes } from "../time-zone.ts";
import { doubtfulNames } from "./doubtful-names.ts";
import { openStaffRoom } from "./staff-room.ts";

export interface DeskParts {
  readonly config: Config;
  readonly client: RedisClient;
  readonly scripts: Scripts;
  readonly keys: Keys;
  readonly clock: Clock;
  readonly core: Core;
  readonly catalog: CatalogSource;
  readonly bot: CustomerBot;
  readonly messages: TicketTexts;
  readonly updatesSetAside: UpdateQuarantine;
  readonly logger: Logger;
  readonly drift: Pick<DriftBook, "counts">;
}

export interface Desk {
  readonly staffDesk: StaffDesk;
  readonly support: Support;
  /** Null without a chat, or where nobody is listed. */
  readonly staff: StaffRoom | null;
}

export function openDesk(parts: DeskParts): Desk {
  const { config, client, scripts, keys, clock, core, catalog, bot, messages, updatesSetAside, logger, drift } = parts;
  const { actors } = core;
  const { timeZone } = config;
  const collection = makeRedisCollectionStore(client, scripts, keys);
  const approvals = makeRedisApprovalStore(client, scripts, keys);
  const staffDesk = makeStaffDesk({
    ...{ actors, definitions, clock, approvals, messages, timeZone },
    bulks: makeRedisBulkStore(client, keys),
    catalog: () => catalog.current(),
    foresight: core.foresight,
    told: makeTold(bot),
    isSamePerson: makeSamePerson(config.staffAliases),
  });
  const support = makeSupport({
    ...{ actors, definitions, timeZone, approvals, updatesSetAside, drift, now: clock.now.bind(clock) },
    ...{ outbox: core.outbox, failed: core.failed, triesOf: core.triesOf, quarantine: core.quarantine },
    ...{ screenNow: bot.screenNow, lateTimers: makeRedisLateTimers(client, keys) },
    freshness: (spreadsheetId) => collection.read({ spreadsheetId, dataset: PARITY_DATASET }),
    productsOnSale: () => [...catalog.current().products.values()],
    termsOnSale: () => {
      const offset = utcOffsetMinutes(timeZone, clock.now());
      return [...catalog.current().plans.values()].map((plan) => termsOf(plan, offset));
    },
  });
  const doubt = doubtfulNames(config);
  if (doubt)
    logger.warn(
      { event: "staff.twoNames", ...doubt },
      "these of STAFF_MEMBERS have no token of the same name, and these of ADMIN_TOKENS are not listed in STAFF_MEMBERS: if two names are one person, that person could approve what they asked for; give them one name, or say so in STAFF_ALIASES",
    );
  return { staffDesk, support, staff: openStaffRoom({ config, client, keys, actors, desk: staffDesk, support }) };
}
