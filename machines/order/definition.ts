import { OpaqueId } from "../address.ts";
import { defineMachine } from "../definition.ts";
import type { Stamped } from "../event.ts";
import { orderEffects } from "./effects.ts";
import { orderMachine } from "./machine.ts";
import { type OrderContext, OrderEvent } from "./types.ts";

export const orderDefinition = defineMachine<OrderContext, Stamped<OrderEvent>>({
  name: "order",
  version: 1,
  machine: orderMachine,
  id: OpaqueId,
  event: OrderEvent,
  creators: ["order.opened", "charge.presented"],
  // It holds facts about money.
  forceRole: "owner",
  staffEvents: { "order.withdrawn": "support" },
  effects: orderEffects,
  lookups: ({ orderId, userId }) => [
    `orderId=${orderId}`,
    ...(userId === null ? [] : [`telegramId=${userId}` as const]),
  ],
});
