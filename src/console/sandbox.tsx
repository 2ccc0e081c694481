import { render } from "preact";
import { applyPreferences } from "./preferences.ts";
import "./styles/theme.css";
import "./styles/base.css";

applyPreferences();
const page = document.getElementById("page");
if (page) render(<p>Sandbox</p>, page);
