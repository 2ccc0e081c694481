// The machine on Restate: the node service that Restate's server calls. A process of its own, started by contestants.ts. JavaScript,
// because its packages are installed in this folder only, and the project's type check has to do without them.
import { createServer } from "node:http2";
import { createEndpointHandler, object } from "@restatedev/restate-sdk";
import { xstate } from "@restatedev/xstate";
import { benchMachine } from "../machine.ts";

// The SDK calls it, and Node 20 has none.
Promise.withResolvers ??= () => {
  const parts = {};
  parts.promise = new Promise((resolve, reject) => Object.assign(parts, { resolve, reject }));
  return parts;
};

/** When each timer had been handled, epoch ms. Its invocation is committed a little later: what is said here is in Restate's favour. */
const fired = [];
const adapter = xstate("subscription", benchMachine.machine).object;
const service = object({
  name: "subscription",
  handlers: {
    ...adapter,
    async send(ctx, request) {
      const answer = await adapter.send(ctx, request);
      // A cancelled or replaced timer is answered with nothing.
      if (request?.scheduledEvent && answer !== undefined) fired.push(Date.now());
      return answer;
    },
  },
});

// Silent: the adapter writes several lines per event, which would be counted against it.
const server = createServer(createEndpointHandler({ services: [service], logger: () => {} }));
server.listen(0, "127.0.0.1", () => {
  process.send({ ready: { url: `http://127.0.0.1:${server.address().port}`, pids: [process.pid] } });
});
process.on("message", (question) => {
  if (question === "count") process.send({ count: fired.length });
  if (question === "take") process.send({ taken: fired.splice(0) });
  if (question === "stop") process.exit();
});
process.on("disconnect", () => process.exit());
