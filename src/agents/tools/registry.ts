import type { AgentTool } from '../agentTool';
import { chart } from './chart';
import { compareRuns } from './compareRuns';
import { explainFinding } from './explainFinding';
import { listLosses } from './listLosses';
import { openRun } from './openRun';
import { readQuantity } from './readQuantity';
import { runLoss } from './runLoss';
import { verifyFix } from './verifyFix';

/** The tools by their names in MCP, in the order in which they are usually called. */
export const agentTools = {
  list_losses: listLosses,
  run_loss: runLoss,
  explain_finding: explainFinding,
  verify_fix: verifyFix,
  compare_runs: compareRuns,
  read_quantity: readQuantity,
  open_run: openRun,
  chart,
} as const satisfies Readonly<Record<string, unknown>>;

export type AgentToolName = keyof typeof agentTools;

export function isAgentToolName(name: string): name is AgentToolName {
  return Object.hasOwn(agentTools, name);
}

/** A tool without the types of its own input and output, for callers that check the input. */
export function toolNamed(name: AgentToolName): AgentTool {
  return agentTools[name] as unknown as AgentTool;
}

export const agentToolNames = Object.keys(agentTools) as AgentToolName[];
