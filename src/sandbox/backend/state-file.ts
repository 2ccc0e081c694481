// A world kept in a file: written whole after every change, so that a stopped backend begins where it ended.
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { SimulatorUsageError } from "./errors.ts";
import { World, WorldDump } from "./world/world.ts";

export class StateFile {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** @returns null: there is no file yet. @throws SimulatorUsageError when the file is something else. */
  read(): World | null {
    const text = this.#text();
    if (text === null) return null;
    const parsed = WorldDump.safeParse(jsonOf(text));
    if (!parsed.success)
      throw new SimulatorUsageError(
        `${this.#path} does not hold a world of this version of the simulated backend; remove it to begin anew.`,
      );
    return new World(parsed.data);
  }

  /** Tokens are not in it, only their digests. */
  write(world: World): void {
    writeFileSync(`${this.#path}.new`, JSON.stringify(world.dump()), { mode: 0o600 });
    renameSync(`${this.#path}.new`, this.#path);
  }

  #text(): string | null {
    try {
      return readFileSync(this.#path, "utf8");
    } catch (cause) {
      if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return null;
      throw cause;
    }
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined;
    throw cause;
  }
}
