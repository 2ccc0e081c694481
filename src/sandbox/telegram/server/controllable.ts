// What the HTTP controls may touch of an emulator.
import type { Update } from "@grammyjs/types";
import type { DeliveryRecord } from "../delivery/deliveries.ts";
import type { Faults } from "../faults.ts";
import type { CallFilter, CallRecord } from "../journal.ts";
import type { ChannelDesk } from "../people/channel-desk.ts";
import type { Person } from "../people/person.ts";
import type { WorldSnapshot } from "../snapshot.ts";
import type { NewChannel } from "../world/channels.ts";
import type { UpdateBody } from "../world/context.ts";
import type { NewUser } from "../world/users.ts";

export interface People {
  add(user?: NewUser): Person;
  get(id: number): Person;
  all(): Person[];
}

export interface ChannelDesks {
  create(channel?: Omit<NewChannel, "ownerId"> & { readonly owner?: Person }): ChannelDesk;
  get(id: number): ChannelDesk;
  all(): ChannelDesk[];
}

export interface Controllable {
  readonly people: People;
  readonly channels: ChannelDesks;
  readonly faults: Faults;
  calls(filter?: CallFilter): readonly CallRecord[];
  deliveries(): readonly DeliveryRecord[];
  snapshot(): WorldSnapshot;
  chargeback(chargeId: string): void;
  sendRawUpdate(body: UpdateBody): Update;
  settled(): Promise<void>;
}
