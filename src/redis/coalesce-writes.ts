// One system call for the commands that callers send in the same turn of the event loop.
import type { Writable } from "node:stream";
import { Cluster, type Redis } from "ioredis";

/**
 * So many commands leave together at most. Redis answers a batch of callers at once and each of them sends its next command in that same
 * turn; a write for each would wake Redis for each, which costs both sides more than the commit itself (measured with 16 and with
 * 64 callers: 1.4 times the commits a second). Past this number Redis should rather begin while we prepare the next ones.
 */
const MOST_TOGETHER = 16;

/**
 * Makes a client hold its writes until the turn ends. Not ioredis' autopipelining: no command waits for another one's reply or for a
 * later turn, so a single caller is as fast as without.
 */
export function coalesceWrites(client: Redis | Cluster): void {
  if (client instanceof Cluster) client.on("+node", hold);
  else hold(client);
}

function hold(client: Redis): void {
  let held: Writable | undefined;
  let count = 0;
  const release = () => {
    held?.uncork();
    held = undefined;
    count = 0;
  };
  const send = client.sendCommand.bind(client);
  client.sendCommand = (command, stream) => {
    // Another stream than before after a reconnection, none at all before the first one.
    const socket = client.stream as Writable | undefined;
    if (socket !== held) {
      release();
      if (socket) {
        socket.cork();
        held = socket;
        process.nextTick(release);
      }
    }
    const reply = send(command, stream);
    count += 1;
    if (count >= MOST_TOGETHER) release();
    return reply;
  };
}
