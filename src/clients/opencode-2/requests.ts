import { z } from "zod";
import { HostError, messageOf } from "../../errors.ts";
import type { PermissionRequest } from "../../models/host-event.ts";
import type { RequestId, SessionId } from "../../models/ids.ts";
import type { HostPort, Logger } from "../../ports.ts";
import { absentWhereGone, type Calls, listOf, stillPending } from "./calls.ts";
import { formAnswer, questionsOf, WireForm } from "./forms.ts";
import type { HttpApi } from "./http-api.ts";
import type { Translator } from "./translator.ts";
import { WirePermission } from "./wire.ts";

/** OpenCode goes on with a turn that was denied without a word when it starts the next time. */
const DENIED = "The user denied this.";
const IN_TERMINAL =
  "OpenCode takes the answer to this question in the terminal only: it does not run as a service";

type Requests = Pick<
  HostPort,
  "permissions" | "answerPermission" | "questions" | "answerQuestion" | "dismissQuestion"
>;

/** What OpenCode 2 asks in one directory: permissions, and forms, which are its questions. */
export function createRequests(deps: {
  readonly directory: string;
  readonly logger: Logger;
  readonly translator: Translator;
  readonly calls: Calls;
  /** Absent where this process is no service: then nobody but the terminal answers a form. */
  readonly http: () => HttpApi | undefined;
}): Requests {
  const { directory, logger, translator, calls, http } = deps;

  async function pendingOf(id: SessionId): Promise<readonly PermissionRequest[]> {
    const list = await absentWhereGone(async () =>
      calls.own("list permissions", (c) => c.permission.list({ sessionID: id })),
    );
    const found = listOf(list).flatMap((raw) => WirePermission.safeParse(raw).data ?? []);
    for (const request of found) translator.learnRequest(request);
    return found;
  }

  /** OpenCode keeps to itself why a call was denied: the model reads it in a note of its own. */
  async function noteDenial(sessionID: SessionId, id: RequestId, reason?: string): Promise<void> {
    const text = reason === undefined ? DENIED : `The user denied this, and says: ${reason}`;
    const note = { sessionID, id: `msg_${id.replace(/^per_/, "")}`, text, resume: false };
    await calls.session("synthetic", note).catch((error) => {
      logger.warn(`the model was not told of a denial: ${messageOf(error)}`);
    });
  }

  async function forms(): Promise<readonly WireForm[]> {
    const path = `/api/form?location[directory]=${encodeURIComponent(directory)}`;
    const list = await http()?.call("list questions", "GET", path);
    return Listed.parse(list ?? { data: [] }).data.flatMap(
      (raw) => WireForm.safeParse(raw).data ?? [],
    );
  }

  /** The form, and the API to answer by. */
  async function formOf(
    id: string,
  ): Promise<{ readonly form: WireForm; readonly api: HttpApi } | undefined> {
    const api = http();
    if (!api) throw new HostError(IN_TERMINAL, { kind: "refused" });
    const form = translator.form(id) ?? (await forms()).find((known) => known.id === id);
    return form && { form, api };
  }

  return {
    async permissions() {
      const known = translator.sessions().filter((one) => one.directory === directory);
      return (await Promise.all(known.map(({ id }) => pendingOf(id)))).flat();
    },
    async answerPermission(requestID, reply, reason) {
      const sessionID = translator.askedBy(requestID);
      if (!sessionID) return false;
      if (reply === "reject") {
        const pending = await pendingOf(sessionID);
        if (!pending.some(({ id }) => id === requestID)) return false;
        await noteDenial(sessionID, requestID, reason);
      }
      const message = reply === "reject" ? (reason ?? DENIED) : undefined;
      const answer = { sessionID, requestID, decision: reply, ...(message && { message }) };
      const told = calls.own("answer the permission", (c) => c.permission.reply(answer));
      return told !== undefined && stillPending(() => told);
    },
    async questions() {
      return (await forms()).map(questionsOf);
    },
    async answerQuestion(id, answers) {
      const found = await formOf(id);
      if (!found) return false;
      const { form, api } = found;
      const given = formAnswer(form, answers);
      if ("problem" in given) throw new HostError(given.problem, { kind: "refused" });
      const path = `/api/session/${form.sessionID}/form/${id}/reply`;
      return stillPending(() =>
        api.call("answer the question", "POST", path, { answer: given.answer }),
      );
    },
    async dismissQuestion(id) {
      const found = await formOf(id);
      if (!found) return false;
      const path = `/api/session/${found.form.sessionID}/form/${id}`;
      return stillPending(() => found.api.call("dismiss the question", "DELETE", path));
    },
  };
}

const Listed = z.object({ data: z.array(z.unknown()) });
