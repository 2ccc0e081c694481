import { z } from "zod";
import { Instant } from "./primitives.ts";

/** Call 9, without credentials: the process answers; `status` says whether it can work. */
export const Health = z.object({
  success: z.literal(true),
  status: z.enum(["ok", "degraded"]),
  version: z.string().optional(),
  time: Instant.optional(),
  upstream: z.object({ enabled: z.boolean().optional(), reachable: z.boolean().nullable().optional() }).optional(),
  collector: z.object({ running: z.boolean().optional(), last_success_at: Instant.nullable().optional() }).optional(),
});
export type Health = z.infer<typeof Health>;
