import hljs from "highlight.js/lib/core";
import bash from "highlight.js/lib/languages/bash";
import c from "highlight.js/lib/languages/c";
import css from "highlight.js/lib/languages/css";
import diff from "highlight.js/lib/languages/diff";
import go from "highlight.js/lib/languages/go";
import java from "highlight.js/lib/languages/java";
import javascript from "highlight.js/lib/languages/javascript";
import json from "highlight.js/lib/languages/json";
import python from "highlight.js/lib/languages/python";
import rust from "highlight.js/lib/languages/rust";
import sql from "highlight.js/lib/languages/sql";
import typescript from "highlight.js/lib/languages/typescript";
import xml from "highlight.js/lib/languages/xml";
import yaml from "highlight.js/lib/languages/yaml";

const LANGUAGES = {
  ...{ bash, c, css, diff, go, java, javascript },
  ...{ json, python, rust, sql, typescript, xml, yaml },
};
for (const [name, grammar] of Object.entries(LANGUAGES)) hljs.registerLanguage(name, grammar);

/** Longer code stays plain, so that no post holds the page up. */
const MAX_CHARS = 20_000;

/** Shows a post's blocks of code in colours where they name a known language. As in Mattermost, none is guessed. */
export function highlightCode(body: Element): void {
  for (const block of body.querySelectorAll<HTMLElement>(".code[data-language]")) {
    const language = block.dataset["language"] ?? "";
    const known = hljs.getLanguage(language);
    const code = block.querySelector("code");
    const text = code?.textContent ?? "";
    if (code === null || known === undefined || text.length > MAX_CHARS) continue;
    // What comes out is escaped text in spans of its own.
    code.innerHTML = hljs.highlight(text, { language, ignoreIllegals: true }).value;
    const label = block.querySelector(".language");
    if (label !== null) label.textContent = known.name ?? language;
  }
}
