// `npm run rotate-keys`.
import { rotateKeys } from "./rotate-keys.ts";

// biome-ignore lint/style/noProcessEnv: the entry of a command, as main.ts is that of the service.
process.exitCode = await rotateKeys({ env: process.env, print: (text) => void process.stdout.write(text) });
