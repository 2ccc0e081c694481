// Ties a server to this process, so that even SIGKILL of this process leaves no orphan, and keeps two servers out of one directory.
import { spawnSync } from "node:child_process";

/** Exit code of the wrapper when the directory's lock is held by another server. */
export const LOCK_BUSY_EXIT_CODE = 87;
/** A server whose parent was killed needs a moment to write its last bytes; a restart waits for it this long. Unit: seconds. */
const DEFAULT_LOCK_WAIT_S = 5;

export interface Leash {
  /** Whether the lock file is held, by the kernel, for as long as the server lives. */
  readonly locksDirectory: boolean;
  wrap(run: { readonly lockFile: string; readonly command: readonly string[] }): string[];
}

/** util-linux, on practically every Linux: the kernel sends SIGTERM when the parent ends, and drops the lock with the process. */
export const makeUtilLinuxLeash = ({ lockWaitS = DEFAULT_LOCK_WAIT_S } = {}): Leash => ({
  locksDirectory: true,
  wrap: ({ lockFile, command }) => [
    ...["setpriv", "--pdeathsig", "TERM"],
    ...["flock", "--no-fork", "--timeout", `${lockWaitS}`, "--conflict-exit-code", `${LOCK_BUSY_EXIT_CODE}`, lockFile],
    ...command,
  ],
});

/**
 * Any POSIX shell (macOS, busybox): a reader of stdin, which only our process holds open, ends the server at end of file.
 * The descriptor travels as 3 because a shell gives background jobs /dev/null as stdin.
 */
export const shellLeash: Leash = {
  locksDirectory: false,
  wrap: ({ command }) => ["/bin/sh", "-c", SHELL_SCRIPT, "redis-leash", ...command],
};

const SHELL_SCRIPT = `
exec 3<&0
"$@" </dev/null 3<&- & server=$!
trap 'kill "$server" 2>/dev/null' TERM INT
( while read -r _ <&3; do :; done; kill "$server" 2>/dev/null ) & reader=$!
exec 3<&-
wait "$server"; code=$?
while kill -0 "$server" 2>/dev/null; do wait "$server"; code=$?; done
kill "$reader" 2>/dev/null
exit "$code"
`;

/** @param env where to look for the tools (PATH); busybox has commands of these names that lack what we need. */
export function findLeash(env: Readonly<Record<string, string>>): Leash {
  const isUtilLinux = (tool: string) =>
    spawnSync(tool, ["--version"], { env: { ...env }, encoding: "utf8" }).stdout?.includes("util-linux") ?? false;
  return isUtilLinux("setpriv") && isUtilLinux("flock") ? makeUtilLinuxLeash() : shellLeash;
}
