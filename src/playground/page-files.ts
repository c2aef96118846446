import { join, normalize } from "node:path";
import page from "./page/index.html";

/** The page's own files, on an address of their own: nothing in them is secret. */
export interface PageFiles {
  /** `path` as the page's address has it, `/` for the page itself. */
  get(path: string): Promise<Response>;
  stop(): Promise<void>;
}

/** No other page may show this one in a frame, and no other is told its address. */
const HEADERS = {
  "Content-Security-Policy": "frame-ancestors 'none'",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
};

/** The runtime serves a page with all that it needs, but without headers; so they are put on here. */
export const servePageFiles = (): PageFiles =>
  page.files === undefined ? fromSource() : fromPackage(page.files);

function answer(
  body: Blob | ReadableStream | string | null,
  status: number,
  type: string | null | undefined,
): Response {
  const headers = { ...HEADERS, ...(type && { "Content-Type": type }) };
  return new Response(body, { status, headers });
}

function fromSource(): PageFiles {
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    development: false,
    routes: { "/": page },
    fetch: () => new Response("Not found\n", { status: 404 }),
  });
  return {
    async get(path) {
      const file = await fetch(`${server.url.origin}${path}`, { proxy: "" });
      return answer(file.body, file.status, file.headers.get("content-type"));
    },
    stop: () => server.stop(true),
  };
}

/** In the package they lie beside the program. The runtime would look for them where the program was started. */
function fromPackage(files: NonNullable<Bun.HTMLBundle["files"]>): PageFiles {
  const known = new Map(
    files.map((file) => [file.loader === "html" ? "/" : `/${normalize(file.path)}`, file]),
  );
  return {
    async get(path) {
      const file = known.get(path);
      if (file === undefined) return answer("Not found\n", 404, undefined);
      const body = Bun.file(join(import.meta.dir, file.path));
      return answer(body, 200, file.headers["content-type"]);
    },
    stop: async () => undefined,
  };
}
