// Every page of the console: its address, its name in the navigation, and where its code is. One line per page.
import { lazy } from "preact-iso";
import type { Role } from "./roles.ts";
import { words } from "./words.ts";

export const PAGE_NAMES = words({
  en: {
    overview: "Overview",
    actors: "Actors",
    tickets: "Tickets",
    timers: "Timers",
    queues: "Queues",
    audit: "Audit",
    approvals: "Approvals",
    bulk: "Bulk",
    ledger: "Ledger",
    charts: "Charts",
  },
  ru: {
    overview: "Обзор",
    actors: "Акторы",
    tickets: "Обращения",
    timers: "Таймеры",
    queues: "Очереди",
    audit: "Журнал",
    approvals: "Согласования",
    bulk: "Массово",
    ledger: "Учёт",
    charts: "Диаграммы",
  },
});
export type PageName = keyof (typeof PAGE_NAMES)["en"];

/** In the order of the navigation. */
export const NAVIGATION: readonly {
  readonly name: PageName;
  readonly href: string;
  /** The least role that the page's data is for. */
  readonly role: Role;
}[] = [
  { name: "overview", href: "/console", role: "viewer" },
  { name: "actors", href: "/console/actors", role: "viewer" },
  { name: "tickets", href: "/console/tickets", role: "support" },
  { name: "timers", href: "/console/timers", role: "viewer" },
  { name: "queues", href: "/console/queues", role: "viewer" },
  { name: "audit", href: "/console/audit", role: "viewer" },
  { name: "approvals", href: "/console/approvals", role: "support" },
  { name: "bulk", href: "/console/bulk", role: "support" },
  { name: "ledger", href: "/console/ledger", role: "finance" },
  { name: "charts", href: "/console/charts", role: "viewer" },
];

/** Paths by preact-iso's rules; the more exact one first. */
export const PAGES = [
  { path: "/console", page: lazy(() => import("./pages/overview.tsx").then((file) => file.OverviewPage)) },
  { path: "/console/search", page: lazy(() => import("./pages/search.tsx").then((file) => file.SearchPage)) },
  {
    path: "/console/customers/:telegramId",
    page: lazy(() => import("./pages/customer.tsx").then((file) => file.CustomerRoute)),
  },
  // One route for its places (`events/:seq`, `send`, `force`): the page stays while one moves along them.
  {
    path: "/console/actors/:machine/:id/:part?/:seq?",
    page: lazy(() => import("./pages/actor.tsx").then((file) => file.ActorRoute)),
  },
  { path: "/console/actors", page: lazy(() => import("./pages/actors.tsx").then((file) => file.ActorsPage)) },
  { path: "/console/tickets", page: lazy(() => import("./pages/tickets.tsx").then((file) => file.TicketsPage)) },
  { path: "/console/tickets/:id", page: lazy(() => import("./pages/ticket.tsx").then((file) => file.TicketPage)) },
  { path: "/console/drift", page: lazy(() => import("./pages/drift.tsx").then((file) => file.DriftPage)) },
  { path: "/console/timers", page: lazy(() => import("./pages/timers.tsx").then((file) => file.TimersPage)) },
  { path: "/console/queues", page: lazy(() => import("./pages/queues.tsx").then((file) => file.QueuesPage)) },
  { path: "/console/queues/:name", page: lazy(() => import("./pages/queue.tsx").then((file) => file.QueuePage)) },
  { path: "/console/queues/:name/jobs/:id", page: lazy(() => import("./pages/job.tsx").then((file) => file.JobPage)) },
  { path: "/console/audit", page: lazy(() => import("./pages/audit.tsx").then((file) => file.AuditPage)) },
  { path: "/console/approvals", page: lazy(() => import("./pages/approvals.tsx").then((file) => file.ApprovalsPage)) },
  { path: "/console/bulk", page: lazy(() => import("./pages/bulk.tsx").then((file) => file.BulkPage)) },
  { path: "/console/ledger", page: lazy(() => import("./pages/ledger.tsx").then((file) => file.LedgerPage)) },
  { path: "/console/charts", page: lazy(() => import("./pages/charts.tsx").then((file) => file.ChartsPage)) },
  { path: "/console/charts/:machine", page: lazy(() => import("./pages/chart.tsx").then((file) => file.ChartPage)) },
] as const;
