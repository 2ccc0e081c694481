// Processes that are measured from outside: what they use is read from /proc, so it is counted the same for all of them.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { z } from "zod";

/** Of Linux on every architecture that Node runs on: `getconf CLK_TCK`. */
const TICKS_PER_SECOND = 100;

const Message = z.union([
  z.object({ ready: z.object({ url: z.string(), pids: z.array(z.number()) }) }),
  z.object({ count: z.number() }),
  z.object({ taken: z.array(z.number()) }),
]);

export interface Service {
  readonly url: string;
  readonly pids: readonly number[];
  /** How many timers were fired and committed since they were taken last. */
  count(): Promise<number>;
  /** When they were. Epoch ms. */
  take(): Promise<readonly number[]>;
  stop(): Promise<void>;
}

/** Starts one of the two services of this folder, and waits until it listens. */
export async function startService(file: string): Promise<Service> {
  const child = spawn(process.execPath, ["--import", "tsx/esm", file], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    env: { ...process.env, NODE_ENV: "production" },
  });
  endWithUs(child);
  const answer = async () => Message.parse(await nextMessage(child, file));
  const ask = async (question: string) => {
    const answered = answer();
    child.send(question);
    return await answered;
  };
  const first = await answer();
  if (!("ready" in first)) throw new Error(`${file} said something else than that it is ready`);
  return {
    ...first.ready,
    async count() {
      const told = await ask("count");
      return "count" in told ? told.count : 0;
    },
    async take() {
      const told = await ask("take");
      return "taken" in told ? told.taken : [];
    },
    async stop() {
      const exited = once(child, "exit");
      child.send("stop");
      await exited;
    },
  };
}

function nextMessage(child: ChildProcess, file: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) => reject(new Error(`${file} ended with ${code}`));
    child.once("exit", onExit);
    child.once("message", (message) => {
      child.off("exit", onExit);
      resolve(message);
    });
  });
}

/** A server that outlives the bench would be measured in the next one. */
export function endWithUs(child: ChildProcess): void {
  const end = () => child.kill("SIGKILL");
  process.on("exit", end);
  child.once("exit", () => process.off("exit", end));
}

/** Processor time that processes have used so far. Unit: milliseconds. */
export const cpuMs = (pids: readonly number[]): number => pids.reduce((sum, pid) => sum + cpuMsOf(pid), 0);

function cpuMsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The name, in brackets, may hold anything; after it come the fields from the third on: utime and stime are 14 and 15.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return ((Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND) * 1_000;
}

/** Resident memory of processes. Unit: MiB. */
export const residentMib = (pids: readonly number[]): number =>
  pids.reduce((sum, pid) => {
    const kib = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return sum + Number(kib) / 1_024;
  }, 0);

/** Ports that were free a moment ago. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === "object" && address ? address.port : 0;
  });
  await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))));
  return ports;
}
