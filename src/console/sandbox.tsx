import { render } from "preact";
import { applyPreferences } from "./preferences.ts";
import { SandboxPage } from "./sandbox/page.tsx";
import { listen } from "./sandbox/store.ts";
import { loadTexts, sayNoTexts } from "./words.ts";
import "./styles/theme.css";
import "./styles/base.css";
import "./sandbox/sandbox.css";

applyPreferences();
listen();
const page = document.getElementById("page");
if (page) void loadTexts().then(() => render(<SandboxPage />, page), sayNoTexts);
