const rendered = new Map<string, Promise<string>>();
const KEPT = 500;

/** A post's text as HTML in which everything but Markdown is escaped: the playground's server renders it. */
export function renderMarkdown(text: string): Promise<string> {
  const known = rendered.get(text);
  if (known !== undefined) return known;
  const html = fetch("markdown", { method: "POST", body: text }).then((answer) => {
    if (!answer.ok) throw new Error(`The text was not rendered: ${answer.status}`);
    return answer.text();
  });
  rendered.set(text, html);
  html.catch(() => rendered.delete(text));
  const [oldest] = rendered.keys();
  if (rendered.size > KEPT && oldest !== undefined) rendered.delete(oldest);
  return html;
}
