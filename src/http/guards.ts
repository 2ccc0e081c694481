// What holds for the console, the admin API and the sandbox page before anybody is asked who they are: called by a name of ours, changed
// only by pages of ours and by programs with a token, and at a pace that people have.
import type { FastifyRequest } from "fastify";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { AppError, type ErrorCode } from "../errors.ts";
import { callerAddress, isLoopback } from "./caller.ts";
import { networkOf } from "./lock-out.ts";
import { SESSION_COOKIE } from "./staff-door.ts";

export interface GuardDeps {
  /** HOST: where the server listens. */
  readonly host: string;
  /** CONSOLE_HOSTS: other names, in lower case, as a browser's address bar shows them. */
  readonly consoleHosts: readonly string[];
  /** Of one address: a console with a dozen tabs stays far below, a loop without a pause does not. */
  readonly requestsPerMinute?: number;
}

const REQUESTS_PER_MINUTE = 1_800;
const CHANGES_NOTHING = new Set(["GET", "HEAD", "OPTIONS"]);

export const makeGuards = ({ host, consoleHosts, requestsPerMinute = REQUESTS_PER_MINUTE }: GuardDeps) => {
  const limiter = new RateLimiterMemory({ points: requestsPerMinute, duration: 60 });
  const others = new Set(consoleHosts.map((name) => urlOf(`http://${name}`)?.host ?? name));

  /** Else a page of any site could make its own name lead to this machine and read what it likes. */
  const isOurName = (given: string | undefined): boolean => {
    const url = given !== undefined && /^[\w.:[\]-]+$/.test(given) ? urlOf(`http://${given}`) : null;
    if (!url) return false;
    return (
      isLoopback(url.hostname) || url.hostname.replace(/^\[|\]$/g, "") === host.toLowerCase() || others.has(url.host)
    );
  };

  const isOurPage = (origin: string, name: string | undefined): boolean => {
    const page = urlOf(origin);
    return page !== null && (page.host === urlOf(`${page.protocol}//${name ?? ""}`)?.host || others.has(page.host));
  };

  return {
    /** @returns null when the request may go on. */
    refusal({ method, headers, cookies }: Pick<FastifyRequest, "method" | "headers" | "cookies">): ErrorCode | null {
      if (!isOurName(headers.host)) return "http.unknownHost";
      if (CHANGES_NOTHING.has(method)) return null;
      const { origin } = headers;
      const site = headers["sec-fetch-site"];
      if (site !== undefined && site !== "same-origin") return "http.otherSite";
      if (origin !== undefined && !isOurPage(origin, headers.host)) return "http.otherSite";
      if (/^Bearer /i.test(headers.authorization ?? "")) return null;
      const isSaidByBrowser = site !== undefined || origin !== undefined;
      const hasSession = cookies[SESSION_COOKIE] !== undefined;
      // A browser brings its cookie along whoever asks it to; this header only our own pages can make it send.
      if (!isSaidByBrowser && !hasSession) return null;
      return isSaidByBrowser && headers["x-requested-with"] === "console" ? null : "http.otherSite";
    },
    /** @throws AppError http.tooManyRequests */
    async count(request: FastifyRequest): Promise<void> {
      try {
        await limiter.consume(networkOf(callerAddress(request)));
      } catch (error) {
        if (!(error instanceof RateLimiterRes)) throw error;
        const retryAfterSeconds = Math.max(1, Math.ceil(error.msBeforeNext / 1_000));
        throw new AppError("http.tooManyRequests", { details: { retryAfterSeconds } });
      }
    },
  };
};

const urlOf = (text: string): URL | null => (URL.canParse(text) ? new URL(text) : null);
