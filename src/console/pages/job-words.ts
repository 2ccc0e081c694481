import { words } from "../words.ts";

export const JOB_STATE_NAMES = words({
  en: { waiting: "Waiting", active: "Active", delayed: "Delayed", failed: "Failed", completed: "Completed" },
  ru: { waiting: "Ждут", active: "В работе", delayed: "Отложены", failed: "Не удались", completed: "Готовы" },
});
