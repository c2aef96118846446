import { createServerChecks } from "../cli/checks/server-checks.ts";
import { isProblem, wordsOf } from "../cli/findings/finding.ts";

/**
 * What is wrong with the way to a server, and what to do, in the words of `setup`; `undefined` where nothing is found. Asked
 * without the token. Never rejects.
 */
export async function whyUnreachable(url: string): Promise<string | undefined> {
  const finding = await createServerChecks(url).reach();
  const { line, fix = "" } = wordsOf(finding);
  return isProblem(finding) ? `Mattermost at ${url} cannot be reached. ${line} ${fix}` : undefined;
}
