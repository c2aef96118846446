/** Something that the person at the terminal can mend; the message says how. */
export class PlaygroundProblem extends Error {
  override readonly name = "PlaygroundProblem";
}
