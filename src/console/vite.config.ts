import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const here = fileURLToPath(new URL(".", import.meta.url));

// Vite reads its configuration from a default export.
export default defineConfig({
  root: here,
  base: "/console/",
  publicDir: false,
  build: {
    outDir: "../../dist/console",
    emptyOutDir: true,
    target: "es2022",
    // Inlined assets are `data:` addresses, which the pages' content security policy refuses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { index: `${here}index.html`, sandbox: `${here}sandbox.html` },
      // Two files for all pages: dozens of small ones would each be compressed alone, a third more to load.
      output: {
        codeSplitting: {
          groups: [
            { name: "pages", test: /src\/console\/(?:pages|actor|customer)\//, priority: 1 },
            { name: "shared", test: /node_modules|src\/console\/(?!sandbox|main)/ },
          ],
        },
      },
    },
  },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  logLevel: "warn",
});
