import { type AgentToolName, toolNamed } from './tools/registry';
import type { Workplace } from './workplace';

/** What to ask the user before a tool is called. */
export interface Question {
  readonly title: string;
  readonly text: string;
}

/**
 * The question before a tool runs code of the workspace; null for a tool that runs none, and where code is refused anyway.
 *
 * @param input  as the model sent it, before it is checked
 */
export function questionBefore(
  name: AgentToolName,
  input: unknown,
  { refusal }: Pick<Workplace, 'refusal'>,
): Question | null {
  const { title, running } = toolNamed(name);
  if (!running || refusal() !== null) return null;
  return {
    title: `Adamscope: ${title}?`,
    text: `This executes code of the workspace: ${running(textsIn(input))}.`,
  };
}

const shownAtMost = 200;

/** The texts of an input, cut to a length that can be read; other values are left out. */
function textsIn(input: unknown): Record<string, string> {
  const entries = Object.entries(Object(input) as object).flatMap(([key, value]) =>
    typeof value === 'string' ? [[key, value.slice(0, shownAtMost)] as const] : [],
  );
  return Object.fromEntries(entries);
}
