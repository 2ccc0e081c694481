import { render } from "preact";
import { useEffect } from "preact/hooks";
import { LocationProvider, Route, Router } from "preact-iso";
import type { Me } from "../support/answers/operations.ts";
import { watchSession } from "./api.ts";
import { CrashGuard } from "./crash.tsx";
import { Frame } from "./frame.tsx";
import { LoginPage } from "./login.tsx";
import { NotFoundPage } from "./not-found.tsx";
import { Loaded } from "./parts/feedback.tsx";
import { setServiceNow } from "./parts/time.tsx";
import { applyPreferences } from "./preferences.ts";
import { useResource } from "./resource.ts";
import { setOwn } from "./roles.ts";
import { PAGES } from "./routes.ts";
import { loadTexts, sayNoTexts } from "./words.ts";
import "./styles/theme.css";
import "./styles/base.css";
import "./styles/frame.css";
import "./styles/pages.css";

function Console() {
  const me = useResource<Me>("/api/v1/me");
  useEffect(() => watchSession(me.reload), [me.reload]);
  if (me.error?.status === 401) return <LoginPage onEntered={me.reload} />;
  return (
    <Loaded resource={me}>
      {(known) => {
        setServiceNow(known.now);
        setOwn(known);
        return (
          <LocationProvider scope="/console">
            <Frame me={known}>
              {(place) => (
                <CrashGuard place={place}>
                  <Router>
                    {PAGES.map(({ path, page }) => (
                      <Route key={path} path={path} component={page} />
                    ))}
                    <Route default component={NotFoundPage} />
                  </Router>
                </CrashGuard>
              )}
            </Frame>
          </LocationProvider>
        );
      }}
    </Loaded>
  );
}

applyPreferences();
const page = document.getElementById("page");
if (page) void loadTexts().then(() => render(<Console />, page), sayNoTexts);
