// Who calls: a bearer token, or a key in its own header. The bearer token counts where both are there.
import type { IncomingHttpHeaders } from "node:http";
import type { Caller } from "../calls/call.ts";
import { Refusal } from "../errors.ts";
import type { Credential, ResolvedOptions } from "../options.ts";

export class Authenticator {
  readonly #byKey: ReadonlyMap<string, Caller>;

  constructor({ adminKey, clientKey, credentials }: Pick<ResolvedOptions, "adminKey" | "clientKey" | "credentials">) {
    const all: readonly Credential[] = [
      { key: adminKey, role: "operator" },
      ...(clientKey === null ? [] : [{ key: clientKey, role: "client" as const }]),
      ...credentials,
    ];
    this.#byKey = new Map(
      all.map(({ key, role, spreadsheets }, index) => [
        key,
        {
          name: `${role}#${index}`,
          role,
          spreadsheets: role === "client" && spreadsheets ? new Set(spreadsheets) : null,
        },
      ]),
    );
  }

  /** @throws Refusal `unauthorized`. */
  identify(headers: IncomingHttpHeaders): Caller {
    const bearer = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? "")?.[1];
    const apiKey = headers["x-api-key"];
    const caller = this.#byKey.get(bearer ?? (typeof apiKey === "string" ? apiKey : ""));
    if (!caller) throw new Refusal("unauthorized");
    return caller;
  }
}

/** @throws Refusal `forbidden`. */
export function requireRole(caller: Caller, needed: "client" | "operator"): void {
  if (needed === "operator" && caller.role === "client") throw new Refusal("forbidden");
}
