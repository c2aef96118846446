import { agent } from "./agent.ts";
import { always, no, yes } from "./answers.ts";
import type { Command } from "./command.ts";
import { compact } from "./compact.ts";
import { context } from "./context.ts";
import { diff } from "./diff.ts";
import { end } from "./end.ts";
import { file } from "./file.ts";
import { fork } from "./fork.ts";
import { help } from "./help.ts";
import { lock, unlock } from "./lock.ts";
import { model } from "./model.ts";
import { newSession, projects } from "./new.ts";
import { queue, unqueue } from "./queue.ts";
import { rename } from "./rename.ts";
import { resume } from "./resume.ts";
import { retry } from "./retry.ts";
import { run } from "./run.ts";
import { sessions } from "./sessions.ts";
import { sh } from "./sh.ts";
import { share, unshare } from "./share.ts";
import { status } from "./status.ts";
import { stop } from "./stop.ts";
import { todo } from "./todo.ts";
import { redo, undo } from "./undo.ts";
import { variant } from "./variant.ts";
import { verbosity } from "./verbosity.ts";

/** Every command, in the order in which help lists them. */
export const COMMANDS: readonly Command[] = [
  sessions,
  newSession,
  projects,
  stop,
  queue,
  unqueue,
  undo,
  redo,
  retry,
  compact,
  run,
  sh,
  yes,
  always,
  no,
  model,
  agent,
  variant,
  verbosity,
  context,
  todo,
  diff,
  file,
  rename,
  fork,
  share,
  unshare,
  resume,
  end,
  status,
  lock,
  unlock,
  help,
];
