// Getting updates: webhook settings and long polling.
import { z } from "zod";
import { badRequest, tooManyRequests } from "../errors.ts";
import type { ResolvedOptions } from "../options.ts";
import { type Api, defineMethod, type MethodDefinition } from "./define.ts";
import { flag, notModelled } from "./fields.ts";

type AllowedUpdates = NonNullable<NonNullable<Parameters<Api["getUpdates"]>[0]>["allowed_updates"]>;

/** Any names: unknown ones are dropped without a word, as Telegram does. */
const allowedUpdates = (z.array(z.string()) as unknown as z.ZodType<AllowedUpdates>).exactOptional();

const LOOPBACK = new Set(["127.0.0.1", "localhost", "[::1]"]);
const PORTS = new Set(["", "443", "80", "88", "8443"]);

/** @throws BotApiError `bad webhook: ...` */
function checkUrl(url: string, options: ResolvedOptions): void {
  if (!URL.canParse(url)) throw badRequest("bad webhook: invalid URL specified");
  const { protocol, hostname, port } = new URL(url);
  if (options.loopbackWebhooks) {
    // A simulated Telegram has no business with other machines.
    if (!LOOPBACK.has(hostname))
      throw badRequest("bad webhook: the emulator delivers to this machine only; set loopbackWebhooks: false");
    if (protocol !== "http:" && protocol !== "https:")
      throw badRequest("bad webhook: An HTTPS URL must be provided for webhook");
    return;
  }
  if (protocol !== "https:") throw badRequest("bad webhook: An HTTPS URL must be provided for webhook");
  if (!PORTS.has(port)) throw badRequest("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443");
}

const lastSetWebhookMs = new WeakMap<object, number>();

const setWebhook = defineMethod(
  "setWebhook",
  {
    url: z.string(),
    certificate: notModelled(),
    ip_address: notModelled(),
    max_connections: z.int().min(1).max(100).exactOptional(),
    allowed_updates: allowedUpdates,
    drop_pending_updates: flag,
    secret_token: z
      .string()
      .refine((token) => token.length <= 256, { error: "bad webhook: secret token is too long" })
      .refine((token) => /^[\w-]*$/.test(token), { error: "bad webhook: secret token contains unallowed characters" })
      .exactOptional(),
  },
  (params, { deliveries, world, options }) => {
    const now = world.context.clock.now();
    if (options.limitSetWebhook && now - (lastSetWebhookMs.get(deliveries) ?? Number.NEGATIVE_INFINITY) < 1000)
      throw tooManyRequests(1);
    lastSetWebhookMs.set(deliveries, now);
    if (params.url !== "") checkUrl(params.url, options);
    deliveries.setAllowedUpdates(params.allowed_updates);
    const webhook = {
      url: params.url,
      secretToken: params.secret_token || undefined,
      maxConnections: params.max_connections ?? 40,
    };
    deliveries.setWebhook(params.url === "" ? null : webhook, params.drop_pending_updates ?? false);
    return true;
  },
);

const deleteWebhook = defineMethod("deleteWebhook", { drop_pending_updates: flag }, (params, { deliveries }) => {
  deliveries.setWebhook(null, params.drop_pending_updates ?? false);
  return true;
});

const getWebhookInfo = defineMethod("getWebhookInfo", {}, (_params, { deliveries }) => deliveries.webhookInfo());

const getUpdates = defineMethod(
  "getUpdates",
  {
    offset: z.int().exactOptional(),
    limit: z.int().min(1).max(100).exactOptional(),
    timeout: z.int().min(0).max(50, "at most 50 s").exactOptional(),
    allowed_updates: allowedUpdates,
  },
  (params, { deliveries }) => {
    const answer = deliveries.poll({
      offset: params.offset ?? 0,
      limit: params.limit ?? 100,
      timeoutMs: (params.timeout ?? 0) * 1000,
    });
    deliveries.setAllowedUpdates(params.allowed_updates);
    return answer;
  },
);

export const webhookMethods: readonly MethodDefinition[] = [setWebhook, deleteWebhook, getWebhookInfo, getUpdates];
