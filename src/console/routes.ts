// Every page of the console: its address, its name in the navigation, and where its code is. One line per page.

import { ActorRoute } from "./pages/actor.tsx";
import { ActorsPage } from "./pages/actors.tsx";
import { ApprovalsPage } from "./pages/approvals.tsx";
import { AuditPage } from "./pages/audit.tsx";
import { BulkPage } from "./pages/bulk.tsx";
import { ChartPage } from "./pages/chart.tsx";
import { ChartsPage } from "./pages/charts.tsx";
import { CustomerRoute } from "./pages/customer.tsx";
import { DriftPage } from "./pages/drift.tsx";
import { JobPage } from "./pages/job.tsx";
import { LedgerPage } from "./pages/ledger.tsx";
import { OverviewPage } from "./pages/overview.tsx";
import { ParityPage } from "./pages/parity.tsx";
import { QueuePage } from "./pages/queue.tsx";
import { QueuesPage } from "./pages/queues.tsx";
import { SearchPage } from "./pages/search.tsx";
import { TicketPage } from "./pages/ticket.tsx";
import { TicketsPage } from "./pages/tickets.tsx";
import { TimersPage } from "./pages/timers.tsx";
import type { Role } from "./roles.ts";
import { words } from "./words.ts";

export const PAGE_NAMES = words({
  en: {
    overview: "Overview",
    actors: "Actors",
    tickets: "Tickets",
    timers: "Timers",
    queues: "Queues",
    parity: "Parity",
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
    parity: "Сверка",
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
  { name: "parity", href: "/console/parity", role: "viewer" },
  { name: "audit", href: "/console/audit", role: "viewer" },
  { name: "approvals", href: "/console/approvals", role: "support" },
  { name: "bulk", href: "/console/bulk", role: "support" },
  { name: "ledger", href: "/console/ledger", role: "finance" },
  { name: "charts", href: "/console/charts", role: "viewer" },
];

/** Paths by preact-iso's rules; the more exact one first. */
export const PAGES = [
  { path: "/console", page: OverviewPage },
  { path: "/console/search", page: SearchPage },
  {
    path: "/console/customers/:telegramId",
    page: CustomerRoute,
  },
  // One route for its places (`events/:seq`, `send`, `force`): the page stays while one moves along them.
  {
    path: "/console/actors/:machine/:id/:part?/:seq?",
    page: ActorRoute,
  },
  { path: "/console/actors", page: ActorsPage },
  { path: "/console/tickets", page: TicketsPage },
  { path: "/console/tickets/:id", page: TicketPage },
  { path: "/console/drift", page: DriftPage },
  { path: "/console/timers", page: TimersPage },
  { path: "/console/queues", page: QueuesPage },
  { path: "/console/queues/:name", page: QueuePage },
  { path: "/console/queues/:name/jobs/:id", page: JobPage },
  { path: "/console/parity", page: ParityPage },
  { path: "/console/audit", page: AuditPage },
  { path: "/console/approvals", page: ApprovalsPage },
  { path: "/console/bulk", page: BulkPage },
  { path: "/console/ledger", page: LedgerPage },
  { path: "/console/charts", page: ChartsPage },
  { path: "/console/charts/:machine", page: ChartPage },
] as const;
