// The files of a chart, read once per page: they depend on the machine only.
import { useEffect, useState } from "preact/hooks";
import { type ApiError, read } from "../api.ts";
import type { Outline } from "./outline.ts";

export interface ChartFiles {
  readonly outline: Outline;
  /** Without its own styles: the page has them already, and its security policy takes none from elsewhere. */
  readonly svg: string;
  /** The machine at a glance, for a place in which the whole drawing could not be read; null for a small machine. */
  readonly overview: string | null;
}

const known = new Map<string, Promise<ChartFiles>>();

/** @throws ApiError */
export function readChart(machine: string): Promise<ChartFiles> {
  const before = known.get(machine);
  if (before) return before;
  const place = `/console/charts/${encodeURIComponent(machine)}`;
  const reading = readFiles(place);
  known.set(machine, reading);
  // What failed is asked for again.
  reading.catch(() => known.delete(machine));
  return reading;
}

async function readFiles(place: string): Promise<ChartFiles> {
  const drawing = async (name: string) =>
    (await read<string>(`${place}${name}.svg`)).replace(/<style>[\s\S]*?<\/style>/, "");
  const [outline, svg] = await Promise.all([read<Outline>(`${place}.json`), drawing("")]);
  return { outline, svg, overview: outline.hasOverview ? await drawing("-overview") : null };
}

export function useChart(machine: string): { files: ChartFiles | null; error: ApiError | null; again: () => void } {
  const [state, setState] = useState<{ machine: string; files: ChartFiles | null; error: ApiError | null }>({
    machine,
    files: null,
    error: null,
  });
  const [round, setRound] = useState(0);
  useEffect(() => {
    let isWanted = true;
    readChart(machine).then(
      (files) => isWanted && setState({ machine, files, error: null }),
      (error: ApiError) => isWanted && setState({ machine, files: null, error }),
    );
    return () => {
      isWanted = false;
    };
  }, [machine, round]);
  const isCurrent = state.machine === machine;
  return {
    files: isCurrent ? state.files : null,
    error: isCurrent ? state.error : null,
    again: () => setRound((before) => before + 1),
  };
}
