// The machine on our runtime behind one HTTP route, with the redis-server it writes to. A process of its own, started by contestants.ts.
import Fastify from "fastify";
import { z } from "zod";
import { CAUSE, makeService, startServer } from "../service.ts";

const Path = z.object({ id: z.string().max(64) });
/** The machine checks the rest, as it does for everybody. */
const Body = z.looseObject({ type: z.string().max(64) });
const Headers = z.object({ "idempotency-key": z.string().min(1).max(128).optional() });

// fsync before the reply, as redis.conf has it.
const server = await startServer("always");
const service = await makeService(server, { prefix: "side" });
const fired: number[] = [];
service.onTimer = () => fired.push(Date.now());
await service.startWorkers();

const http = Fastify();
/** Answers when the event is on disk, with the whole actor: what Restate's adapter answers too. */
http.post("/subscription/:id/send", async (request) => {
  const { id } = Path.parse(request.params);
  const event = Body.parse(request.body);
  const key = Headers.parse(request.headers)["idempotency-key"];
  return await service.actors.send(`subscription/${id}`, event, {
    cause: CAUSE,
    ...(key === undefined ? {} : { key }),
  });
});
http.get("/subscription/:id/snapshot", async (request) => {
  const { id } = Path.parse(request.params);
  return await service.actors.read(`subscription/${id}`);
});
const url = await http.listen({ port: 0, host: "127.0.0.1" });

const redisPid = Number(/process_id:(\d+)/.exec(await server.plain.info("server"))?.[1]);
process.on("message", (question) => {
  if (question === "count") process.send?.({ count: fired.length });
  if (question === "take") process.send?.({ taken: fired.splice(0) });
  if (question === "stop") void stop();
});
process.on("disconnect", () => process.exit());
process.send?.({ ready: { url, pids: [process.pid, redisPid] } });

async function stop(): Promise<void> {
  await http.close();
  await service.close();
  await server.close();
  process.exit();
}
