import { stringify } from "yaml";
import { ADMIN_ROUTES } from "../../http/admin.ts";
import { makeAdminOpenApi } from "../../http/openapi.ts";

export const renderAdminOpenApi = (): string =>
  `# Printed from the code (the tables of routes in src/http) by \`npm run docs\`; edit there.\n${stringify(
    makeAdminOpenApi(ADMIN_ROUTES),
    { lineWidth: 0, aliasDuplicateObjects: false },
  )}`;
