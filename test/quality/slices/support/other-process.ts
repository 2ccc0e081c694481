// Another process at the same slices. `rival` writes other data as version 1 and says what came of it; the others freeze the day and are
// killed on the way: `dies-before` with the answers kept and no version yet, `dies-after` with the version and the open slice still there.
import { AppError } from "../../../../src/errors.ts";
import type { SliceAddress } from "../../../../src/quality/ports.ts";
import { type Duck, openDuck } from "../../../../src/quality/slices/duck.ts";
import { makeSliceStore } from "../../../../src/quality/slices/store.ts";
import { FREEZE, slice } from "./new-slice.ts";

const [mode = "", root = "", json = "{}"] = process.argv.slice(2);
const address = JSON.parse(json) as SliceAddress;
const die = (): never => {
  process.kill(process.pid, "SIGKILL");
  for (;;);
};
const real = await openDuck({ spillDirectory: `${root}-spill`, threads: 1 });
const duck: Duck = mode === "dies-before" ? { ...real, with: async () => die() } : real;
const store = makeSliceStore({
  ...{ root, duck, now: () => FREEZE },
  ...(mode === "dies-after" ? { onSealed: die } : {}),
});
try {
  if (mode === "rival") await store.putSealed(slice([[7, 7, 7]], address), 1, FREEZE);
  else await store.seal(address, FREEZE);
  process.stdout.write("done");
} catch (error) {
  process.stdout.write(error instanceof AppError ? error.code : String(error));
}
