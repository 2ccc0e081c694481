import { stringify } from "yaml";
import { makeOpenApi } from "../../backend/contract/openapi.ts";

export const renderBackendOpenApi = (): string =>
  `# Printed from the code (src/backend/contract) by \`npm run docs\`; edit there.\n${stringify(makeOpenApi(), {
    lineWidth: 0,
    aliasDuplicateObjects: false,
  })}`;
