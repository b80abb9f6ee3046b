import { realpathSync, statSync } from 'node:fs';
import { version } from '../../../package.json';
import type { CallContext } from '../../agents/agentTool';
import { callTool } from '../../agents/callTool';
import { jsonSchemaOf } from '../../agents/jsonSchema';
import { Roots } from '../../agents/roots';
import { SessionRuns } from '../../agents/sessionRuns';
import { type AgentToolName, agentToolNames, isAgentToolName, toolNamed } from '../../agents/tools/registry';
import { BadInput } from '../badInput';
import { budgetOf } from '../fixBudget';
import { jobs } from '../jobs';
import { type LimitFlags, limitsOf } from '../limits';
import { oneLine } from '../oneLine';
import type { CallToolResult, Tool } from './mcp';
import { workplaceAt } from './workplace';

interface McpFlags extends LimitFlags {
  readonly root?: string;
  readonly fixBudget?: string;
}

const instructions =
  'Adamscope runs optimizers (Adam and others) on loss functions of the workspace and diagnoses the runs. Begin with list_losses and run_loss. explain_finding says what a finding means, verify_fix tries fixes: report a fix as a solution only if verify_fix returned it. Numbers that JSON lacks are the texts "NaN", "Infinity" and "-Infinity".';

/**
 * `adamscope mcp`: serves a client of the Model Context Protocol on standard input and output until it goes.
 *
 * @throws BadInput if the root is not a folder, or a limit is not a number
 */
export async function serveMcp(flags: McpFlags): Promise<never> {
  // Standard output belongs to the protocol.
  console.log = console.error;
  const root = rootOf(flags.root ?? '.');
  process.chdir(root);
  const roots = new Roots(() => [root], '--root');
  const workplace = workplaceAt(roots, { limits: limitsOf(flags), budget: budgetOf(flags) });
  await workplace.runs.restore();
  const runs = new SessionRuns(workplace.runs, roots);
  const { serveOverStdio } = await import('./mcp');
  await serveOverStdio({
    name: 'adamscope',
    version,
    instructions,
    tools: agentToolNames.map(described),
    call: (name, input, observer) => called(name, input, { workplace, runs, ...observer }),
  });
  jobs.dispose();
  process.exit(0);
}

function rootOf(given: string): string {
  const isFolder = statSync(given, { throwIfNoEntry: false })?.isDirectory() ?? false;
  if (!isFolder) throw new BadInput(`--root: there is no folder ${given}`);
  return realpathSync.native(given);
}

function described(name: AgentToolName): Tool {
  const { title, description, input, output, running } = toolNamed(name);
  const runsCode = running !== null;
  return {
    name,
    title,
    description,
    inputSchema: jsonSchemaOf(input),
    outputSchema: jsonSchemaOf(output),
    // The code of a loss may do anything, so a client must ask its user before it is run.
    annotations: {
      title,
      readOnlyHint: !runsCode,
      destructiveHint: runsCode,
      idempotentHint: !runsCode,
      openWorldHint: runsCode,
    },
  };
}

async function called(name: string, input: unknown, context: CallContext): Promise<CallToolResult> {
  if (!isAgentToolName(name))
    return problem(`there is no tool ${JSON.stringify(name)}; available: ${agentToolNames.join(', ')}`);
  try {
    const result = await callTool(name, input, context);
    if (result.kind === 'problem') return problem(result.text);
    const { text, json, picture } = result;
    return {
      structuredContent: json,
      content: [
        { type: 'text', text },
        // For clients that do not read the structured content.
        { type: 'text', text: JSON.stringify(json) },
        ...(picture
          ? [
              {
                type: 'image' as const,
                mimeType: picture.mimeType,
                data: Buffer.from(picture.data).toString('base64'),
              },
            ]
          : []),
      ],
    };
  } catch (error) {
    console.error(`adamscope: ${name} failed: ${(error as Error).stack}`);
    return problem(`${name} failed: ${oneLine((error as Error).message)}. This is an error of Adamscope.`);
  }
}

function problem(text: string): CallToolResult {
  return { isError: true, content: [{ type: 'text', text }] };
}
