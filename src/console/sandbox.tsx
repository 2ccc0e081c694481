import { render } from "preact";
import { applyPreferences } from "./preferences.ts";
import { SandboxPage } from "./sandbox/page.tsx";
import { listen } from "./sandbox/store.ts";
import "./styles/theme.css";
import "./styles/base.css";
import "./sandbox/sandbox.css";

applyPreferences();
listen();
const page = document.getElementById("page");
if (page) render(<SandboxPage />, page);
