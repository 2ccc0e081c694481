// Why somebody is in a chat or not, for people who have to answer that.
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { Why } from "../support/answers/people.ts";
import type { Support } from "../support/support.ts";
import { parsed, parsedQuery, UserIdParam } from "./parse-request.ts";
import { type AdminRoutes, addRoute } from "./route.ts";
import type { StaffDoor } from "./staff-door.ts";

export interface WhyRouteDeps {
  readonly support: Support;
}

function isTimeZone(text: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: text });
    return true;
  } catch {
    return false;
  }
}

const WhyQuery = z.strictObject({
  lang: z.enum(["en", "ru"]).default("en").meta({ description: "language of the sentences" }),
  timeZone: z
    .string()
    .max(64)
    .refine(isTimeZone, "expected an IANA time zone such as Europe/Berlin")
    .optional()
    .meta({ description: "IANA zone of whoever reads the sentences; without one they name the service's" }),
});

export const WHY_ROUTES = {
  why: {
    method: "GET",
    path: "/api/v1/customers/:telegramId/why",
    role: "viewer",
    does: "Why somebody is in a chat or not: for each chat that they have to do with, the rule of access fact by fact, what it rests on (payment, event, transition, call to Telegram, membership seen), and what could be done, as events ready for a preview. Reads only; also of somebody who was never seen.",
    answers:
      "`{customer, now, chats: [{chatId, title, product, entitled, membership, problem, summary, facts, evidence, advice}]}`, what needs somebody first",
    answer: Why,
    twin: "/customers/:telegramId/why",
    query: WhyQuery,
  },
} as const satisfies AdminRoutes;

export function registerWhy(server: FastifyInstance, door: StaffDoor, { support }: WhyRouteDeps): void {
  addRoute(server, door, WHY_ROUTES.why, async (request) => {
    const { telegramId } = parsed(UserIdParam, request.params);
    const { lang, timeZone } = parsedQuery(WhyQuery, request);
    return support.why(telegramId, lang, timeZone);
  });
}
