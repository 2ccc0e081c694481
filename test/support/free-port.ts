import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";

/** A loopback port nobody listens on. Below 55536, because a cluster node also takes the one 10000 above. */
export async function freePort(): Promise<number> {
  for (;;) {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, "close");
    if (port < 55_536) return port;
  }
}
