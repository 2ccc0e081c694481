import type { FastifyHelmetOptions } from "@fastify/helmet";

/** What browsers are told of every answer of the console and the API. No header of CORS anywhere: no other site has business here. */
export const SAFE_HEADERS = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'self'"],
      frameAncestors: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      objectSrc: ["'none'"],
    },
  },
  frameguard: { action: "deny" },
  // Not `no-referrer`: a form of our own would then send no origin to be known by.
  referrerPolicy: { policy: "same-origin" },
  // The name may have services besides this one: whether all of it is https is for the proxy to say.
  hsts: false,
} as const satisfies FastifyHelmetOptions;
