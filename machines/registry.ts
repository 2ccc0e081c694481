import { channelDefinition } from "./channel/definition.ts";
import { customerDefinition } from "./customer/definition.ts";
import { datasetDefinition } from "./dataset/definition.ts";
import type { MachineDefinition } from "./definition.ts";
import { inviteDefinition } from "./invite/definition.ts";
import { onboardingDefinition } from "./onboarding/definition.ts";
import { orderDefinition } from "./order/definition.ts";
import { paymentDefinition } from "./payment/definition.ts";
import { subscriptionDefinition } from "./subscription/definition.ts";
import { ticketDefinition } from "./ticket/definition.ts";

/** Every machine of the service. */
export const definitions: readonly MachineDefinition[] = [
  customerDefinition,
  subscriptionDefinition,
  orderDefinition,
  paymentDefinition,
  inviteDefinition,
  channelDefinition,
  onboardingDefinition,
  ticketDefinition,
  datasetDefinition,
];
