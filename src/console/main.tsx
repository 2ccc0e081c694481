import { render } from "preact";
import { ErrorBoundary, LocationProvider, Route, Router } from "preact-iso";
import type { Me } from "../support/answers/operations.ts";
import { Frame } from "./frame.tsx";
import { Loaded } from "./parts/feedback.tsx";
import { setServiceNow } from "./parts/time.tsx";
import { applyPreferences } from "./preferences.ts";
import { useResource } from "./resource.ts";
import { PAGES } from "./routes.ts";
import "./styles/theme.css";
import "./styles/base.css";
import "./styles/frame.css";
import "./styles/pages.css";

function Console() {
  const me = useResource<Me>("/api/v1/me");
  return (
    <Loaded resource={me}>
      {(known) => {
        setServiceNow(known.now);
        return (
          <LocationProvider scope="/console">
            <Frame me={known}>
              <ErrorBoundary>
                <Router>
                  {PAGES.map(({ path, page }) => (
                    <Route key={path} path={path} component={page} />
                  ))}
                </Router>
              </ErrorBoundary>
            </Frame>
          </LocationProvider>
        );
      }}
    </Loaded>
  );
}

applyPreferences();
const page = document.getElementById("page");
if (page) render(<Console />, page);
