// Which room may import which. Checked by test/arrows.mjs, which also plants a violation of every rule to prove that it bites.
//
//   main -> app -> { bot, http, queues, effects, redis } -> runtime -> machines

/** Values and tables that everybody may read; they import nothing but each other. */
const LEAVES =
  "^src/(admin-tokens|config|config-forms|environment|errors|exit-codes|redis-target|secret-files|staff-aliases|staff-members|time-zone|wrong-cursor)\\.ts$|^src/telemetry/";
/** The composition root: what puts the parts together and sees all rooms. */
const COMPOSITION = "^src/(main|app|core)\\.ts$|^src/startup/";

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    {
      name: "machines-are-pure",
      comment:
        "A machine decides. It needs xstate, zod and its own room; anything else would bring I/O, a clock or chance into a decision.",
      severity: "error",
      from: { path: "^machines/" },
      to: { pathNot: "^machines/|^node_modules/(xstate|zod)/" },
    },
    {
      name: "leaves-know-nobody",
      comment:
        "Configuration, errors and telemetry are read by all rooms: an import of theirs would tie all rooms to one.",
      severity: "error",
      from: { path: LEAVES },
      to: { path: "^(src|machines)/", pathNot: LEAVES },
    },
    {
      name: "runtime-knows-only-machines",
      comment:
        "The runtime names what it needs as interfaces in runtime/ports.ts; Redis and queues implement them, so it can be tested without.",
      severity: "error",
      from: { path: "^src/runtime/" },
      to: { path: "^src/", pathNot: ["^src/runtime/", LEAVES] },
    },
    {
      name: "adapters-do-not-know-each-other",
      comment:
        "bot, http, queues and effects meet in the composition root; each says in its own ports.ts what it wants from others.",
      severity: "error",
      from: { path: "^src/(bot|http|queues|effects)/" },
      to: { path: "^src/(bot|http|queues|effects)/", pathNot: ["^src/$1/", "/ports\\.ts$"] },
    },
    {
      name: "redis-is-behind-ports",
      comment:
        "Key names and scripts are an implementation: whoever calls them directly skips the commit and its audit.",
      severity: "error",
      from: { path: "^(src|machines)/", pathNot: ["^src/redis/", "^src/setup/", COMPOSITION] },
      to: { path: "^src/redis/" },
    },
    {
      name: "redis-implements-ports-only",
      comment: "An adapter needs the interface it implements, not the room that uses it.",
      severity: "error",
      from: { path: "^src/redis/" },
      to: { path: "^src/(bot|http|queues|effects)/", pathNot: "/ports\\.ts$" },
    },
    {
      name: "only-the-root-composes",
      comment: "The composition root sees all rooms, so no room may see it: the graph would close.",
      severity: "error",
      from: { path: "^(src|machines)/", pathNot: [COMPOSITION, "^src/sandbox/"] },
      to: { path: COMPOSITION },
    },
    {
      name: "sandbox-is-optional",
      comment: "Production code never depends on the simulation; app.ts loads it with import() when it is asked for.",
      severity: "error",
      from: { path: "^(src|machines)/", pathNot: "^src/sandbox/|^src/app\\.ts$" },
      to: { path: "^src/sandbox/" },
    },
    {
      name: "sandbox-is-loaded-on-demand",
      comment: "A static import would load the simulation into every production process.",
      severity: "error",
      from: { path: "^src/app\\.ts$" },
      to: { path: "^src/sandbox/", dependencyTypesNot: ["dynamic-import", "type-only", "type-import"] },
    },
    {
      name: "emulator-stands-alone",
      comment:
        "The Bot API emulator is Telegram as seen from outside; sharing code with the service would make it share its mistakes.",
      severity: "error",
      from: { path: "^src/sandbox/telegram/" },
      to: { path: "^(src|machines)/", pathNot: "^src/sandbox/telegram/" },
    },
    {
      name: "simulated-backend-knows-the-contract-only",
      comment:
        "The backend is another system: its own reading of the contract shows where the client's is wrong. The schemas of the contract are both sides'.",
      severity: "error",
      from: { path: "^src/sandbox/backend/" },
      to: { path: "^(src|machines)/", pathNot: "^src/(sandbox/backend|backend/contract)/" },
    },
    {
      name: "backend-contract-is-data",
      comment:
        "Client, simulated backend and documentation read the same schemas; a contract that imports code of one side is no contract.",
      severity: "error",
      from: { path: "^src/backend/contract/" },
      to: { pathNot: "^src/backend/contract/|^node_modules/zod/" },
    },
    {
      name: "backend-client-knows-nobody",
      comment: "The client makes calls; what a call means for a customer is decided by those who use it.",
      severity: "error",
      from: { path: "^src/backend/" },
      to: { path: "^(src|machines)/", pathNot: ["^src/backend/", LEAVES] },
    },
    {
      name: "only-effects-call-the-backend",
      comment:
        "A call from elsewhere would be made without anything that repeats it: an entry in the outbox, or the state of a collection.",
      severity: "error",
      from: { path: "^(src|machines)/", pathNot: ["^src/(backend|effects|collection)/", COMPOSITION] },
      to: { path: "^src/backend/", pathNot: "^src/backend/contract/" },
    },
    {
      name: "pages-know-the-answers-only",
      comment: "Pages run in a browser and talk HTTP: of the service they know the shapes of its answers, as types.",
      severity: "error",
      from: { path: "^src/console/" },
      to: { path: "^(src|machines)/", pathNot: "^src/console/|^src/support/answers/" },
    },
    {
      name: "nobody-needs-the-pages",
      comment:
        "They are built by Vite and served as files; what a chart is called is known to the generator of charts too.",
      severity: "error",
      from: { path: "^(src|machines)/", pathNot: ["^src/console/", "^src/setup/"] },
      to: { path: "^src/console/" },
    },
    {
      name: "answers-are-data",
      comment: "Server, bot, pages and the OpenAPI document read the same schemas; one that needs code is no schema.",
      severity: "error",
      from: { path: "^src/support/answers/" },
      to: { pathNot: "^src/support/answers/|^machines/address\\.ts$|^node_modules/zod/" },
    },
    {
      name: "support-asks-through-ports",
      comment: "What staff ask is composed from the ports of others, whoever asks: over HTTP or in Telegram.",
      severity: "error",
      from: { path: "^src/support/" },
      to: { path: "^src/(bot|http|queues|effects)/", pathNot: "/ports\\.ts$" },
    },
    {
      name: "gateway-serves-only",
      comment:
        "One response has one source. Whoever serves it reads the gate's decision through a port and can't change it; both sides come through ports too.",
      severity: "error",
      from: { path: "^src/gateway/" },
      to: { path: "^(src|machines)/", pathNot: ["^src/gateway/", "^machines/dataset/(gate|days)\\.ts$", LEAVES] },
    },
    {
      name: "backup-knows-the-runtime-only",
      comment: "A format outlives the store: what lies in Redis comes through backup/ports.ts.",
      severity: "error",
      from: { path: "^src/backup/" },
      to: { path: "^src/", pathNot: ["^src/(backup|runtime)/", LEAVES] },
    },
    {
      name: "engine-is-pure",
      comment:
        "Numbers and decisions follow from rows and settings alone: the command, the daily evaluation and tests get the same.",
      severity: "error",
      from: { path: "^src/quality/engine/" },
      to: { pathNot: "^src/quality/(engine/|model\\.ts$)|^machines/dataset/(days|gate)\\.ts$" },
    },
    {
      name: "case-knows-the-engine-only",
      comment: "The command works on files: with no Redis, no network and no other service.",
      severity: "error",
      from: { path: "^src/quality/case/" },
      to: {
        path: "^(src|machines)/",
        pathNot: ["^src/quality/(case/|engine/|model\\.ts$)", "^machines/dataset/(days|gate)\\.ts$", LEAVES],
      },
    },
    {
      name: "collection-knows-slices-by-ports",
      comment: "Where slices lie and how is an implementation; what is collected when is decided without it.",
      severity: "error",
      from: { path: "^src/collection/" },
      to: {
        path: "^src/",
        pathNot: ["^src/(collection|backend|runtime)/", "^src/quality/(engine/|model\\.ts$|ports\\.ts$)", LEAVES],
      },
    },
    {
      name: "judging-knows-slices-by-ports",
      comment:
        "A day is judged from what was sealed, wherever that lies; what follows from it is an event to the actor.",
      severity: "error",
      from: { path: "^src/quality/(daily|calibration)/" },
      to: {
        path: "^src/",
        pathNot: ["^src/quality/(daily|calibration|engine)/", "^src/quality/[^/]+\\.ts$", "^src/runtime/", LEAVES],
      },
    },
    {
      name: "slices-are-files",
      comment: "Storage of slices knows files and DuckDB, and nobody who fills or reads it.",
      severity: "error",
      from: { path: "^src/quality/slices/" },
      to: {
        path: "^(src|machines)/",
        pathNot: [
          "^src/quality/(slices/|engine/|model\\.ts$|ports\\.ts$)",
          "^machines/dataset/(days|gate)\\.ts$",
          LEAVES,
        ],
      },
    },
    {
      name: "measures-watch-only",
      comment: "What is counted follows from what happened: nothing that decides may know that it is counted.",
      severity: "error",
      from: { path: "^(src|machines)/", pathNot: ["^src/measures/", COMPOSITION] },
      to: { path: "^src/measures/" },
    },
    {
      name: "no-tests-in-the-product",
      comment: "The image is built without test/ and without development packages.",
      severity: "error",
      from: { path: "^(src|machines)/" },
      to: { path: "^test/" },
    },
    {
      name: "no-cycles",
      comment: "Files in a cycle can only be understood, tested and moved together.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
  ],
  options: {
    doNotFollow: { path: "^node_modules/" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true, // type imports are knowledge too
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "types", "node", "default"] },
  },
};
