// The built pages and the charts, as files. What is in them is for everybody who may come in: they hold no data.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { AppError, ERRORS, isAppError } from "../errors.ts";
import type { StaffDoor } from "./staff-door.ts";

/** Folders of files that are served as they are. */
export interface PageFolders {
  /** What Vite built: `index.html`, `sandbox.html`, `assets/`. */
  readonly pages: string;
  /** `<machine>.svg` and the rest of visualizations/. */
  readonly charts: string;
}

/** In a clone the pages are built into `dist/`, and in a build everything lies in there. */
export function pageFoldersIn(root: URL = new URL("../../", import.meta.url)): PageFolders {
  const project = fileURLToPath(root);
  const ofClone = join(project, "dist/console");
  return {
    pages: existsSync(join(project, "src/console")) ? ofClone : join(project, "console"),
    charts: join(project, "visualizations"),
  };
}

const CHART_FILE = /^[\w-]{1,64}\.(?:svg|json|mmd)$/;
/** Of a drawing that is opened by itself: it brings its own styles and nothing else. */
const CHART_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
const YEAR_MS = 366 * 86_400_000;

/** Answers with one of the built pages. */
export type SendPage = (request: FastifyRequest, reply: FastifyReply, page: "index" | "sandbox") => FastifyReply;

export async function registerPages(server: FastifyInstance, door: StaffDoor, folders: PageFolders): Promise<SendPage> {
  // Their names change with what is in them. The build has put compressed ones beside them.
  await server.register(fastifyStatic, {
    root: join(folders.pages, "assets"),
    prefix: "/console/assets/",
    index: false,
    preCompressed: true,
    immutable: true,
    maxAge: YEAR_MS,
  });

  const sendPage: SendPage = (request, reply, page) => {
    try {
      door.mustHaveStaff(request);
      if (!existsSync(join(folders.pages, `${page}.html`))) throw new AppError("http.noPages");
    } catch (error) {
      // A person reads this, in a browser.
      if (!isAppError(error)) throw error;
      const { http, text } = ERRORS[error.code];
      return reply.code(http).type("text/plain; charset=utf-8").send(`${text}\n`);
    }
    return reply
      .header("cache-control", "no-cache")
      .sendFile(`${page}.html`, folders.pages, { cacheControl: false, immutable: false });
  };

  const page = async (request: FastifyRequest, reply: FastifyReply) => {
    // What is asked for by a program is no page: it would take one for an answer.
    if (request.url.startsWith("/console/api/") || !/text\/html|\*\/\*/.test(request.headers.accept ?? "*/*"))
      throw new AppError("http.notFound");
    return sendPage(request, reply, "index");
  };
  server.get("/console", page);
  server.get("/console/*", page);

  server.get<{ Params: { file: string } }>("/console/charts/:file", async (request, reply) => {
    const { file } = request.params;
    if (!CHART_FILE.test(file)) return page(request, reply);
    door.mustHaveStaff(request);
    if (file.endsWith(".svg")) reply.header("content-security-policy", CHART_POLICY);
    if (file.endsWith(".mmd")) reply.type("text/plain; charset=utf-8");
    return reply
      .header("cache-control", "no-cache")
      .sendFile(file, folders.charts, { cacheControl: false, immutable: false });
  });
  return sendPage;
}
