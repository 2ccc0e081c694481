// A private redis-server as a child of this process: for one-machine installations, the sandbox and tests.
import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, statSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { AppError } from "../errors.ts";
import { findLeash, type Leash, LOCK_BUSY_EXIT_CODE } from "./leash.ts";

/** Longest path of a unix socket, in bytes: 108 on Linux and 104 on macOS, with the closing zero. */
const MAX_SOCKET_PATH_BYTES = 103;
const KEPT_LOG_LINES = 8;

export interface EmbeddedRedisOptions {
  /** The server and its environment, from `findRedisServer` (src/setup/redis-server.mjs). */
  readonly bin: string;
  readonly env: Readonly<Record<string, string>>;
  /** The repo's redis.conf. */
  readonly confFile: string;
  /** Created when missing. One server at a time may work in it. */
  readonly dataDir: string;
  /** More settings, which win over the file: `["--appendfsync", "no"]`. */
  readonly args?: readonly string[];
  /** Lines of the server's own log; `warn` for those it marks as warnings. */
  readonly log?: (level: "debug" | "warn", line: string) => void;
  /** Called once when the server ends without `stop()`: the service cannot go on. */
  readonly onExit?: (error: AppError) => void;
  /** How long loading the data may take. Unit: milliseconds. */
  readonly readyWithinMs?: number;
  /** How the server is tied to this process; tests choose it, others leave it to what the machine has. */
  readonly leash?: Leash;
}

export interface EmbeddedRedis {
  /** Unix socket, readable by this user only. */
  readonly path: string;
  readonly pid: number;
  /** Ends the server as SHUTDOWN does: everything acknowledged is on disk. Safe to call twice. */
  stop(): Promise<void>;
}

/**
 * Starts a server that no crash of this process leaves behind, and waits until it has loaded its data.
 * @throws AppError `redis.embedded`; `details.reason` says why, `details.lines` holds the server's last words.
 */
export async function startEmbeddedRedis(options: EmbeddedRedisOptions): Promise<EmbeddedRedis> {
  const dataDir = resolve(options.dataDir);
  const path = prepareDirs(dataDir);
  const leash = options.leash ?? findLeash(options.env);
  // Where the kernel guards the directory (leash.ts), this adds nothing; elsewhere it keeps two servers from one append-only file.
  if (!leash.locksDirectory && (await isListening(path))) throw inUse(dataDir);

  const command = leash.wrap({
    lockFile: join(dataDir, "redis.lock"),
    command: [options.bin, ...serverArgs(options, dataDir, path)],
  });
  const child = spawn(command[0] as string, command.slice(1), {
    cwd: dataDir,
    env: { ...options.env },
    // stdin is the leash's: it is closed by the kernel when this process ends, however it ends.
    stdio: ["pipe", "pipe", "pipe"],
    // Ctrl-C reaches a terminal's whole process group; Redis has to outlive our own orderly stop.
    detached: true,
  });
  const server = new ServerProcess(child, dataDir, options.log ?? (() => {}));
  const pid = await server.ready(options.readyWithinMs ?? 120_000);
  server.onUnexpectedExit(options.onExit ?? (() => {}));
  return { path, pid, stop: () => server.stop(pid) };
}

const serverArgs = ({ confFile, args = [] }: EmbeddedRedisOptions, dataDir: string, socket: string): string[] => [
  resolve(confFile),
  ...["--daemonize", "no", "--supervised", "no", "--logfile", "", "--pidfile", ""],
  ...["--dir", dataDir, "--port", "0", "--unixsocket", socket, "--unixsocketperm", "700"],
  ...args,
];

/** Creates what is missing and says where the socket goes: beside the data, or in a directory of ours under /tmp if that path is too long. */
function prepareDirs(dataDir: string): string {
  const beside = join(dataDir, "redis.sock");
  const digest = createHash("sha256").update(dataDir).digest("hex").slice(0, 16);
  const inTmp = join(tmpdir(), `tg-subscriptions-${userInfo().uid}`, `${digest}.sock`);
  const path = Buffer.byteLength(beside) <= MAX_SOCKET_PATH_BYTES ? beside : inTmp;
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    if (path === inTmp) refuseForeign(dirname(path));
  } catch (cause) {
    throw new AppError("redis.embedded", {
      cause,
      details: { reason: "directory cannot be created or is not ours", dataDir },
    });
  }
  return path;
}

/** /tmp is everybody's: another user may have made the directory first, to read what we send. */
function refuseForeign(dir: string): void {
  const { uid } = statSync(dir);
  if (uid !== userInfo().uid) throw new Error(`${dir} belongs to another user`);
  chmodSync(dir, 0o700);
}

const isListening = (path: string): Promise<boolean> =>
  new Promise((done) => {
    const socket = connect(path);
    const answer = (listening: boolean) => {
      socket.destroy();
      done(listening);
    };
    socket.once("connect", () => answer(true));
    socket.once("error", () => answer(false)); // no such file, or left behind by a server that was killed
  });

const inUse = (dataDir: string): AppError =>
  new AppError("redis.embedded", {
    details: { reason: "another server works in this directory: stop it, or choose another DATA_DIR", dataDir },
  });

class ServerProcess {
  readonly #child: ChildProcess;
  readonly #dataDir: string;
  readonly #lines: string[] = [];
  readonly #ended: Promise<{ code: number | null; signal: NodeJS.Signals | null; error?: Error }>;
  readonly #readyPid: Promise<number>;
  #running = false;
  #stopping = false;

  constructor(child: ChildProcess, dataDir: string, log: (level: "debug" | "warn", line: string) => void) {
    this.#child = child;
    this.#dataDir = dataDir;
    this.#ended = new Promise((done) => {
      child.once("error", (error) => done({ code: null, signal: null, error }));
      child.once("close", (code, signal) => done({ code, signal }));
    });
    child.stdin?.on("error", () => {}); // EPIPE when the server ends first; `#ended` reports that
    this.#readyPid = new Promise((done) => {
      const read = (line: string) => {
        if (line.trim() === "") return;
        this.#lines.push(line);
        if (this.#lines.length > KEPT_LOG_LINES) this.#lines.shift();
        // "1234:M 01 Jan 2026 00:00:00.000 # Out of memory ...": pid, role, time, level (# is a warning), text
        const [, pid, level, text] = /^(\d+):[A-Z] .*? ([.*#-]) (.*)$/.exec(line) ?? [];
        if (pid && /ready to accept connections/i.test(line)) {
          this.#running = true;
          done(Number(pid));
        }
        // The server also marks its greetings and farewells as warnings.
        const isWarning = level === "#" && (text?.startsWith("WARNING") || (this.#running && !this.#stopping));
        log(isWarning ? "warn" : "debug", text ?? line);
      };
      for (const stream of [child.stdout, child.stderr])
        if (stream) createInterface({ input: stream }).on("line", read);
    });
  }

  /** @returns the server's own process id: the child may be the leash. */
  async ready(withinMs: number): Promise<number> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<"late">((done) => {
      timer = setTimeout(done, withinMs, "late");
    });
    const first = await Promise.race([this.#readyPid, this.#ended, late]);
    clearTimeout(timer);
    if (typeof first === "number") return first;
    this.#stopping = true;
    if (first === "late") {
      this.#child.kill("SIGTERM");
      throw this.#failure("it did not become ready in time", { withinMs });
    }
    if (first.code === LOCK_BUSY_EXIT_CODE) throw inUse(this.#dataDir);
    throw this.#failure("it ended while starting", { code: first.code, signal: first.signal }, first.error);
  }

  onUnexpectedExit(report: (error: AppError) => void): void {
    void this.#ended.then(({ code, signal }) => {
      if (!this.#stopping) report(this.#failure("it has stopped", { code, signal }));
    });
  }

  async stop(pid: number): Promise<void> {
    if (!this.#stopping) {
      this.#stopping = true;
      signal(pid, "SIGTERM"); // the same as SHUTDOWN: waits for the last fsync
    }
    const killer = setTimeout(() => signal(pid, "SIGKILL"), 10_000);
    await this.#ended;
    clearTimeout(killer);
  }

  #failure(reason: string, details: Record<string, unknown>, cause?: Error): AppError {
    return new AppError("redis.embedded", {
      cause,
      details: { reason, dataDir: this.#dataDir, ...details, lines: [...this.#lines] },
    });
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error; // already gone is what we want
  }
}
