import { UserProductId } from "../address.ts";
import { defineMachine } from "../definition.ts";
import type { Stamped } from "../event.ts";
import { onboardingEffects } from "./effects.ts";
import { onboardingMachine } from "./machine.ts";
import { type OnboardingContext, OnboardingEvent } from "./types.ts";

export const onboardingDefinition = defineMachine<OnboardingContext, Stamped<OnboardingEvent>>({
  name: "onboarding",
  version: 1,
  machine: onboardingMachine,
  id: UserProductId,
  event: OnboardingEvent,
  creators: ["access.changed"],
  staffEvents: { "onboarding.retried": "support" },
  effects: onboardingEffects,
  lookups: ({ userId, product }) => [`telegramId=${userId}`, `product=${product}`],
  // The audit outlives an erasure.
  personal: {
    "email.given": ["email"],
    "spreadsheet.given": ["spreadsheetId"],
    "token.given": ["sid"],
    "token.requested": ["spreadsheetId"],
  },
});
