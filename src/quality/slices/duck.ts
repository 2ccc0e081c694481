// DuckDB as a library: reads and writes Parquet. It keeps nothing itself, and downloads nothing.
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";

export interface DuckOptions {
  /** As DuckDB writes it: `512MB`. What does not fit goes to `spillDirectory`. */
  readonly memoryLimit?: string;
  readonly threads?: number;
  readonly spillDirectory: string;
}

export interface Duck {
  /** A connection for one piece of work: its temporary tables are its own. */
  with<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T>;
  close(): void;
}

/** Beside a service that does other things as well. */
const DEFAULTS = { memoryLimit: "512MB", threads: 2 } as const;

export async function openDuck({ spillDirectory, ...given }: DuckOptions): Promise<Duck> {
  const { memoryLimit = DEFAULTS.memoryLimit, threads = DEFAULTS.threads } = given;
  const instance = await DuckDBInstance.create(":memory:", {
    memory_limit: memoryLimit,
    threads: String(threads),
    temp_directory: spillDirectory,
    // Parquet and JSON are built in; an extension by network is none that we know.
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
  });
  return {
    async with(work) {
      const connection = await instance.connect();
      try {
        return await work(connection);
      } finally {
        connection.closeSync();
      }
    },
    close: () => instance.closeSync(),
  };
}

/** As a literal in SQL: paths and texts of ours, where no parameter can stand. */
export const textLiteral = (text: string): string => `'${text.replaceAll("'", "''")}'`;
/** As the name of a column. */
export const nameLiteral = (name: string): string => `"${name.replaceAll('"', '""')}"`;
/** @param paths read as they are: the caller has no `*`, `?` or `[` in them. */
export const listLiteral = (paths: readonly string[]): string => `[${paths.map(textLiteral).join(", ")}]`;
