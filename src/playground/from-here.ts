const LOOPBACK = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/i;

/**
 * Whether a request may come from a page of this server itself, or from no page at all. A web site elsewhere can send requests to
 * this machine, and can give its own name this machine's address: then its browser says so in `Origin` or in `Host`.
 */
export function isFromHere(request: Request): boolean {
  const host = request.headers.get("host") ?? "";
  const origin = request.headers.get("origin");
  return LOOPBACK.test(host) && (origin === null || origin === `http://${host}`);
}

export const notFromHere = (): Response =>
  new Response("Open this as http://127.0.0.1 or http://localhost, and from no other page.\n", {
    status: 403,
  });
