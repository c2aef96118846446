import { expect, test } from "bun:test";
import fc from "fast-check";
import { markdownToHtml } from "../../../src/playground/page-markdown.ts";

test.each([
  ["plain", "<p>plain</p>"],
  ["**a** and `b<`", "<p><strong>a</strong> and <code>b&lt;</code></p>"],
  ["one\ntwo", "<p>one\ntwo</p>"],
  [
    "```\na < b :eyes:\n```",
    '<div class="code"><pre tabindex="0"><code>a &lt; b :eyes:\n</code></pre></div>',
  ],
  [
    "```ts\nlet a = '<b>';\n```",
    '<div class="code" data-language="ts"><span class="language">ts</span><pre tabindex="0"><code>let a = &#x27;&lt;b&gt;&#x27;;\n</code></pre></div>',
  ],
  [
    '```"><b>\n&lt;\n```',
    '<div class="code"><pre tabindex="0"><code>&amp;lt;\n</code></pre></div>',
  ],
  ["> quoted", "<blockquote><p>quoted</p></blockquote>"],
  ["- a\n- b", "<ul><li>a</li><li>b</li></ul>"],
  [
    "- [x] done\n- [ ] open",
    '<ul><li class="task"><input type="checkbox" disabled aria-label="done" checked><div>done</div></li><li class="task"><input type="checkbox" disabled aria-label="to do"><div>open</div></li></ul>',
  ],
  ["by @alice, :white_check_mark:", '<p>by <span class="mention">@alice</span>, ✅</p>'],
  ["`@alice :eyes:`", "<p><code>@alice :eyes:</code></p>"],
  [":no_such_thing: me@example.com", "<p>:no_such_thing: me@example.com</p>"],
  [
    "[x](https://a.example/?b&c)",
    '<p><a href="https://a.example/?b&amp;c" target="_blank" rel="noopener noreferrer">x</a></p>',
  ],
  [
    "www.a.example, <https://b.example>",
    '<p><a href="http://www.a.example" target="_blank" rel="noopener noreferrer">www.a.example</a>, <a href="https://b.example" target="_blank" rel="noopener noreferrer">https://b.example</a></p>',
  ],
  ["[x](javascript:alert(1))", "<p>x</p>"],
  ["[x](data:text/html,y)", "<p>x</p>"],
  [
    "![dog](https://a.example/dog.png)",
    '<p><a href="https://a.example/dog.png" target="_blank" rel="noopener noreferrer">dog</a></p>',
  ],
  [
    "[![dog](https://a.example/dog.png)](https://b.example)",
    '<p><a href="https://b.example" target="_blank" rel="noopener noreferrer">dog</a></p>',
  ],
  ["<img src=x onerror=alert(1)>", "<p>&lt;img src=x onerror=alert(1)&gt;</p>"],
  ["<b>bold</b>", "<p>&lt;b&gt;bold&lt;/b&gt;</p>"],
  [
    "|a|b|\n|-|-:|\n|1|<i>|",
    '<div class="table" tabindex="0"><table><thead><tr><th>a</th><th class="right">b</th></tr></thead><tbody><tr><td>1</td><td class="right">&lt;i&gt;</td></tr></tbody></table></div>',
  ],
])("%p", (text, html) => {
  expect(markdownToHtml(text)).toBe(html);
});

const ELEMENTS =
  /^(?:p|strong|em|del|code|pre|blockquote|ul|ol|li|input|div|span|a|hr|h[3-6]|table|thead|tbody|tr|th|td)$/;
const ATTRIBUTES: Readonly<Record<string, RegExp>> = {
  href: /^(?:https?:|mailto:)/i,
  target: /^_blank$/,
  rel: /^noopener noreferrer$/,
  class: /^(?:task|table|mention|left|center|right|code|language)$/,
  "data-language": /^[\w+#.-]+$/,
  tabindex: /^0$/,
  "aria-label": /^(?:done|to do)$/,
  start: /^\d+$/,
  type: /^checkbox$/,
  disabled: /^$/,
  checked: /^$/,
};

test("nothing comes out but what the table of elements allows", () => {
  const piece = fc.oneof(
    fc.constantFrom(
      ..."<>\"'&`*_~[]()!#|-\n :@\\=",
      "<script>",
      "<img src=x onerror=y>",
      "](javascript:z)",
      '](https://e.example/" onclick="z)',
      "<https://e.example/'>",
      "\ufdd0",
      "\ufdd1",
      "&lt;",
      "&#60;b&#62;",
      "- [x] ",
      "```\n",
      "```ts\n",
      '```"><b>\n',
      "| a |\n|---|\n",
    ),
    fc.string({ maxLength: 5 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const wrong: string[] = [];
      const reader = new HTMLRewriter().on("*", {
        element({ tagName, attributes }) {
          if (!ELEMENTS.test(tagName)) wrong.push(tagName);
          for (const [name = "", value = ""] of attributes) {
            if (ATTRIBUTES[name]?.test(value) !== true) wrong.push(`${tagName} ${name}="${value}"`);
          }
        },
      });
      reader.transform(markdownToHtml(pieces.join("")));
      expect(wrong).toEqual([]);
    }),
    { numRuns: 500 },
  );
});
