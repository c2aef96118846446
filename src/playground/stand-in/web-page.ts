/** A page as browsers get it: the server's own application, or what stands in front of it. */
export const webPage = (title: string): Response =>
  new Response(
    `<!DOCTYPE html>\n<html lang="en"><head><title>${title}</title></head><body></body></html>\n`,
    { headers: { "content-type": "text/html; charset=utf-8" } },
  );
