import { expect, test } from "bun:test";
import { readFile, stat } from "node:fs/promises";
import { receiveFiles } from "../../../src/conversation/file-handler.ts";
import { asFileId } from "../../../src/models/ids.ts";
import { createAttachments } from "../../../src/persistence/attachments.ts";
import { createFakeChat } from "../../support/fake-chat.ts";
import { createRecordingLogger } from "../../support/recording-logger.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

test("files of one post that are called alike are both kept, readable by their owner only", async () => {
  using folder = temporaryFolder();
  const chat = createFakeChat();
  const alice = chat.as("alice");
  const names = ["notes.md", "notes.md", "a?.txt", "a*.txt"];
  const ids = await Promise.all(
    names.map((name, at) => alice.upload(chat.dm, name, bytes(`file ${at}`))),
  );
  const { files, problems } = await receiveFiles(
    {
      chat,
      files: createAttachments({ folder: folder.path, now: Date.now }),
      logger: createRecordingLogger(),
      maxFileBytes: 1_000,
      listen: async () => ({ kind: "sound" }),
    },
    await chat.say("look", undefined, ids),
  );
  expect(problems).toEqual([]);
  const contents = await Promise.all(files.map(({ url }) => readFile(new URL(url), "utf8")));
  expect(contents).toEqual(names.map((_, at) => `file ${at}`));
  for (const { url } of files) expect((await stat(new URL(url))).mode & 0o077).toBe(0);
});

test("no name leads out of the folder", async () => {
  using folder = temporaryFolder();
  const attachments = createAttachments({ folder: folder.path, now: Date.now });
  const post = (await createFakeChat().say("x")).id;
  for (const name of ["../../etc/passwd", "..", "/etc/passwd", "a\\..\\b", ".ssh", ""]) {
    const { path } = await attachments.save(post, asFileId(`../${name}`), name, bytes("x"));
    expect(path.startsWith(`${folder.path}/`)).toBe(true);
    expect(path).not.toContain("..");
  }
});
