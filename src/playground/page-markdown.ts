import { emojiSymbol } from "./page/emoji.ts";

/**
 * Around plain text, so that mentions and emoji are looked for there and not in code. Unicode sets these two aside
 * for such use: no text holds them.
 */
const OPEN = "\ufdd0";
const CLOSE = "\ufdd1";
const MARKS = /[\ufdd0\ufdd1]/g;
const PLAIN = /\ufdd0([^\ufdd1]*)\ufdd1/g;

const bare = (children: string): string => children.replace(MARKS, "");
const attribute = (text: string): string => Bun.escapeHTML(bare(text));

const element =
  (name: string) =>
  (children: string): string =>
    `<${name}>${children}</${name}>`;
const cell =
  (name: string) =>
  (children: string, meta?: { readonly align?: string }): string =>
    `<${name}${meta?.align ? ` class="${attribute(meta.align)}"` : ""}>${children}</${name}>`;

/** A link in a link is text. */
const withoutLinks = (children: string): string => children.replace(/<\/?a\b[^>]*>/g, "");

function link(children: string, href: string): string {
  const address = /^www\./i.test(href) ? `http://${href}` : href;
  if (!/^(?:https?:|mailto:)/i.test(address)) return children;
  return `<a href="${attribute(address)}" target="_blank" rel="noopener noreferrer">${withoutLinks(children)}</a>`;
}

const LANGUAGE = /^[\w+#.-]{1,24}$/;

/** It can be wider than the page: who has no mouse comes to it with the keyboard, and moves it with the arrows. */
function codeBlock(children: string, named = ""): string {
  const pre = `<pre tabindex="0"><code>${bare(children)}</code></pre>`;
  if (!LANGUAGE.test(named)) return `<div class="code">${pre}</div>`;
  return `<div class="code" data-language="${named}"><span class="language">${named}</span>${pre}</div>`;
}

/** Every element that can come out is in this table; a text is escaped before anything else happens to it. */
const RENDERERS: Bun.markdown.RenderCallbacks = {
  text: (text) => `${OPEN}${Bun.escapeHTML(text)}${CLOSE}`,
  html: (text) => bare(text),
  heading: (children, { level }) => element(`h${Math.min(level + 2, 6)}`)(children),
  paragraph: element("p"),
  blockquote: element("blockquote"),
  code: (children, meta) => codeBlock(children, meta?.language),
  codespan: (children) => `<code>${bare(children)}</code>`,
  list: (children, { ordered, start = 1 }) =>
    ordered ? `<ol start="${start}">${children}</ol>` : `<ul>${children}</ul>`,
  listItem(children, meta) {
    if (meta?.checked === undefined) return `<li>${children}</li>`;
    const box = `<input type="checkbox" disabled aria-label="${meta.checked ? 'done" checked' : 'to do"'}>`;
    return `<li class="task">${box}<div>${children}</div></li>`;
  },
  hr: () => "<hr>",
  table: (children) => `<div class="table" tabindex="0"><table>${children}</table></div>`,
  thead: element("thead"),
  tbody: element("tbody"),
  tr: element("tr"),
  th: cell("th"),
  td: cell("td"),
  strong: element("strong"),
  emphasis: element("em"),
  strikethrough: element("del"),
  link: (children, { href }) => link(children, href),
  // A picture's address can carry something out: it is a link here, as in what the bridge posts.
  image: (children, { src }) => link(children || attribute(src), src),
};

const withMentions = (html: string): string =>
  html.replace(/(^|[\s(])(@[a-z][a-z0-9._-]*[a-z0-9])/g, '$1<span class="mention">$2</span>');
const withEmoji = (html: string): string =>
  html.replace(/:([a-z0-9_+-]+):/g, (whole, name: string) => emojiSymbol(name) ?? whole);

/** A post's text as HTML: Mattermost's Markdown, with everything else escaped. */
export function markdownToHtml(text: string): string {
  const html = Bun.markdown.render(text.replace(MARKS, ""), RENDERERS, {
    noHtmlBlocks: true,

    noIndentedCodeBlocks: true,
    autolinks: { url: true, www: true },
  });
  const plain = (_whole: string, inner: string): string => withEmoji(withMentions(inner));
  return html.replaceAll(`${CLOSE}${OPEN}`, "").replace(PLAIN, plain);
}
