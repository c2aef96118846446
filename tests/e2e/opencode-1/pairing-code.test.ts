// The code that makes somebody the owner is shown to whoever sits at the terminal, and to nobody else.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { toolResults } from "../../support/conversation.ts";
import { startWorld, type World } from "../../support/world.ts";

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

test("it is a toast in the terminal, is shown again when the model is asked, and the model does not learn it", async () => {
  const opencode = await world.opencode({ mode: "tui", pluginOptions: { owner: undefined } });
  const onScreen = (): string | undefined =>
    /!pair\s+([A-Z2-9]{8})/.exec(opencode.screen().replace(/[│┃\s]+/g, " "))?.[1];
  world.model.on("who owns it", [
    [{ tool: "mattermost_status", args: {} }],
    [{ text: "Look at the terminal." }],
  ]);
  opencode.type("who owns it");
  await world.model.until("the typed text", () => opencode.screen().includes("who owns it"));
  opencode.type("\r");
  const code = await world.model.until("the code on the screen", onScreen);
  const told = await world.model.until("what the tool says", () => {
    const results = toolResults(world.model.calls()).join();
    return results === "" ? undefined : results;
  });
  expect(told).toContain("look at the terminal");
  await world.model.until("the code on the screen again", onScreen);
  expect(JSON.stringify(world.model.calls())).not.toContain(code);
  expect(opencode.log().replaceAll(opencode.output(), "")).not.toContain(code);
});
