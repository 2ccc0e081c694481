// What goes wrong with a deed: the visitor hears that it did, the log of the service why.
import { expect, it } from "vitest";
import { Desk } from "../../../src/sandbox/page/desk.ts";
import { usePage } from "./support.ts";

const page = usePage();

it("is told to the log where it is none of the visitor's making", async () => {
  const { sandbox, core, catalog, clockDriver, now } = page.current.stage.app;
  if (!sandbox || !clockDriver) throw new Error("no sandbox");
  const failures: Error[] = [];
  const desk = new Desk({
    ...{ emulator: sandbox.emulator, product: sandbox.product, actors: core.actors, catalog, now },
    collecting: null,
    plans: { file: "unused", changedFile: "unused" },
    clock: { ...clockDriver, advance: () => Promise.reject(new Error("the clock broke")) },
    onError: (error) => failures.push(error),
  });
  try {
    await desk.do({ do: "advance", ms: 1_000 });
    expect((await desk.state()).trouble?.text).toBe("failed");
    expect(failures.map(({ message }) => message)).toEqual(["the clock broke"]);
    // What the visitor can do something about is theirs to hear, and no error of the service.
    await desk.do({ do: "press", data: "v1:plans:" });
    expect((await desk.state()).trouble).not.toBeNull();
    expect(failures).toHaveLength(1);
  } finally {
    desk.close();
  }
});
