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
export function servePageFiles(): PageFiles {
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
      const type = file.headers.get("content-type");
      const headers = { ...HEADERS, ...(type !== null && { "Content-Type": type }) };
      return new Response(file.body, { status: file.status, headers });
    },
    stop: () => server.stop(true),
  };
}
