import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { splitTexts } from "./split-texts.ts";

const here = fileURLToPath(new URL(".", import.meta.url));

// Vite reads its configuration from a default export.
export default defineConfig({
  root: here,
  base: "/console/",
  publicDir: false,
  plugins: [splitTexts()],
  build: {
    outDir: "../../dist/console",
    emptyOutDir: true,
    target: "es2022",
    // Inlined assets are `data:` addresses, which the pages' content security policy refuses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { index: `${here}index.html`, sandbox: `${here}sandbox.html` },
      output: {
        // Two files besides the entries: dozens of small ones would each be compressed alone, a third more to load. The sandbox needs the
        // first one only.
        codeSplitting: {
          groups: [
            {
              name: "shared",
              test: /node_modules|src\/console\/(?:(?:parts|chart)\/|[\w-]+\.tsx?$)/,
              minShareCount: 2,
              priority: 2,
            },
          ],
        },
      },
    },
  },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  logLevel: "warn",
});
