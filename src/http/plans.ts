// The plans on sale, for whoever gives somebody time of one.
import type { FastifyInstance } from "fastify";
import { termsOf } from "../plans.ts";
import { PlansOnSale } from "../support/answers/plans.ts";
import type { EverydayWorld } from "../support/everyday.ts";
import { utcOffsetMinutes } from "../time-zone.ts";
import { type AdminRoutes, addRoute } from "./route.ts";
import type { StaffDoor } from "./staff-door.ts";

export interface PlansDeps {
  readonly everyday: EverydayWorld;
}

export const PLAN_ROUTES = {
  list: {
    method: "GET",
    path: "/api/v1/plans",
    role: "viewer",
    does: "The plans on sale, in the order of the plans file, each with the terms that somebody would agree to now; and who may buy, while the service opens step by step.",
    answers:
      "`{plans: [{code, product, title, price, periodMs, recurring, terms}], rollout: {stage, team, listed, percent} | null}`",
    answer: PlansOnSale,
    twin: "/plans",
  },
} as const satisfies AdminRoutes;

export function registerPlans(server: FastifyInstance, door: StaffDoor, { everyday }: PlansDeps): void {
  addRoute(server, door, PLAN_ROUTES.list, async (): Promise<PlansOnSale> => {
    const offset = utcOffsetMinutes(everyday.timeZone, everyday.now());
    const { plans, rollout } = everyday.catalog();
    return {
      plans: [...plans.values()].map((plan) => ({
        code: plan.code,
        product: plan.product.code,
        title: { en: plan.title.en, ru: plan.title.ru },
        price: { currency: plan.price.currency, amountMinor: plan.price.amountMinor },
        periodMs: plan.periodMs,
        recurring: plan.recurring,
        terms: termsOf(plan, offset),
      })),
      rollout: rollout && {
        stage: rollout.stage,
        team: rollout.team.length,
        listed: rollout.pilot?.list.length ?? 0,
        percent: rollout.pilot?.percent ?? 0,
      },
    };
  });
}
