import * as v from 'valibot';
import type { CallContext, ObjectSchema, Picture } from './agentTool';
import { asJson } from './jsonValues';
import { ToolProblem } from './toolProblem';
import { type AgentToolName, toolNamed } from './tools/registry';

/** The result of a call, in the form in which it can be sent. */
export type CallResult =
  | {
      readonly kind: 'answer';
      readonly text: string;
      readonly json: Record<string, unknown>;
      readonly picture?: Picture;
    }
  | { readonly kind: 'problem'; readonly text: string };

/** Calls a tool with an input that a client sent. Errors that the client can do something about are results. */
export async function callTool(
  name: AgentToolName,
  given: unknown,
  context: CallContext,
): Promise<CallResult> {
  const tool = toolNamed(name);
  const input = v.safeParse(tool.input, given ?? {});
  if (!input.success) return { kind: 'problem', text: `${name}: ${issueWords(tool.input, input.issues[0])}` };
  const refusal = tool.running ? context.workplace.refusal() : null;
  if (refusal !== null) return { kind: 'problem', text: refusal };
  try {
    const { text, content, picture } = await tool.call(input.output, context);
    return { kind: 'answer', text, json: asJson(content), ...(picture && { picture }) };
  } catch (error) {
    if (error instanceof ToolProblem) return { kind: 'problem', text: error.message };
    throw error;
  }
}

/** "maxSteps must be number, got "many"", "run is missing" */
function issueWords(schema: ObjectSchema, issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue) ?? 'the input';
  const { type, expected, received } = issue;
  if (type === 'strict_object' && expected === 'never')
    return `unknown input ${path}; available: ${Object.keys('entries' in schema ? Object(schema.entries) : {}).join(', ')}`;
  if (type === 'strict_object' && received === 'undefined') return `${path} is missing`;
  const isAboutValue = issue.kind === 'schema' || type === 'min_value' || type === 'max_value';
  return isAboutValue && expected !== null
    ? `${path} must be ${expected}, got ${received}`
    : `${path}: ${issue.message}`;
}
