// Where the HTTP server listens. Whatever keeps it from doing so is a setting, and is named.
import type { AddressInfo } from "node:net";
import type { FastifyInstance } from "fastify";
import { AppError } from "../errors.ts";

/** Who listens on every address is called, from this machine, on its loopback one. */
const EVERY_ADDRESS: Readonly<Record<string, string>> = { "0.0.0.0": "127.0.0.1", "::": "::1" };

export interface ListenOptions {
  readonly host: string;
  /** 0: the system chooses. */
  readonly port: number;
}

/**
 * @returns how the server is reached from this machine.
 * @throws AppError http.cannotListen with `details.problems`
 */
export async function listen(server: FastifyInstance, { host, port }: ListenOptions): Promise<string> {
  try {
    await server.listen({ host, port });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const problem = code === undefined ? undefined : problemOf(code, { host, port });
    if (problem === undefined) throw cause;
    throw new AppError("http.cannotListen", { cause, details: { problems: [problem] } });
  }
  const { port: taken } = server.server.address() as AddressInfo;
  const reached = EVERY_ADDRESS[host] ?? host;
  return `http://${reached.includes(":") ? `[${reached}]` : reached}:${taken}`;
}

function problemOf(code: string, { host, port }: ListenOptions): string | undefined {
  switch (code) {
    case "EADDRINUSE":
      return `PORT: ${port} on ${host} is in use by another program, perhaps by this service; stop that one or choose another port`;
    case "EACCES":
      return `PORT: this user may not listen on ${port}; choose a port from 1024 up`;
    case "EADDRNOTAVAIL":
      return `HOST: this machine has no address ${host}; 127.0.0.1 is itself, 0.0.0.0 all that it has`;
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `HOST: the name ${host} leads to no address; write the address itself`;
    default:
      return undefined;
  }
}
