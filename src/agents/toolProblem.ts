/** Why a tool has no result: what is wrong, where, and what to do. The client receives it as the result of the call. */
export class ToolProblem extends Error {
  override readonly name = 'ToolProblem';
}
