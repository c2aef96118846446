import { createRandom } from "../random.ts";
import type { Scenario } from "../scenario.ts";
import { fuzzEdges } from "./edges.ts";
import { fuzzGateway } from "./gateway.ts";
import { fuzzMarkdown } from "./markdown.ts";
import { fuzzParsers } from "./parsers.ts";

/** As many in the short run as in the long one: they take half a minute. */
const TEXTS = 100_000;

/** What nobody would send: no part throws, nothing goes to the wrong place, nothing grows without end. */
export const fuzz: Scenario = {
  name: "fuzz",
  async run({ size, seed, note }) {
    const random = createRandom(seed);
    const count = size === "short" ? 1_000 : 10_000;
    const wrong = await fuzzParsers(count, random.fork());
    note(
      `${count} each of frames, events, messages, options and mappings files: ${wrong.length} wrong`,
    );
    const edges = count / 10;
    const open = await fuzzEdges(edges, random.fork());
    note(`${edges} each of tokens, props, pages and state files: ${open.length} wrong`);
    const pictures = fuzzMarkdown(TEXTS, random.fork());
    note(`${TEXTS} texts of Markdown: ${pictures.length} show a picture`);
    const { crossed, silent } = await fuzzGateway(count, random.fork());
    note(`${count} at a whole bridge`);
    const sent = count * 6 + edges * 4 + TEXTS;
    const all = [...wrong, ...open, ...pictures, ...silent];
    return { sent, lost: [], doubled: [], crossed, silent: all };
  },
};
