// How much of a turn is shown: quiet is one post, verbose holds everything, what is too long as a file.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { bash, converse, named, startInstallation } from "../../support/conversation.ts";
import type { HostProcess } from "../../support/hosts/host.ts";
import type { World } from "../../support/world.ts";

const LINES = Array.from({ length: 1_500 }, (_, at) => `line ${at + 1}`);

describe.each(["quiet", "verbose"] as const)("%s", (verbosity) => {
  let world: World;
  let opencode: HostProcess;
  beforeAll(async () => {
    ({ world, opencode } = await startInstallation(["web-shop"], { pluginOptions: { verbosity } }));
  }, 120_000);
  afterAll(() => world.stop());

  async function ended() {
    const talk = await converse(world, opencode, "web-shop");
    world.model.on("count", [
      [{ text: "I count." }, bash("seq -f 'line %g' 1500")],
      [{ text: "That was it." }],
    ]);
    await talk.say("count");
    await talk.reply(/^✅ [\s\S]*That was it\.$/);
    await talk.atRest();
    return talk;
  }

  if (verbosity === "quiet") {
    test("a turn with a tool is one post", async () => {
      const talk = await ended();
      expect(talk.replies().map(({ message }) => message)).toEqual([
        expect.stringMatching(/^✅ \*\*web-shop\*\* · [^\n]+\n\nThat was it\.$/),
      ]);
    });
  } else {
    test("a long output stands in the work with its beginning and end, and whole in a file", async () => {
      const talk = await ended();
      const [work, file, answer, ...more] = talk.replies();
      expect(more).toEqual([]);
      expect(work?.message).toMatch(
        named(/✓ bash · `seq[^\n]+\n```\nline 1\n[\s\S]+…[\s\S]+line 1500\n```$/),
      );
      expect(file?.message).toMatch(
        named(/^📎 \*\*web-shop\*\* · bash `seq[^`]+` · 1500 lines in `bash-output\.txt`$/),
      );
      expect(answer?.message).toStartWith("✅ ");
      const bytes = world.mattermost.file(file?.fileIds[0] ?? "")?.bytes;
      expect(new TextDecoder().decode(bytes).split("\n")).toEqual(LINES);
    });
  }
});
