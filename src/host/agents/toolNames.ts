/** The tools that VS Code offers to language models, which `package.json` describes. Read at the activation, so it has no imports. */
export const languageModelTools = [
  'list_losses',
  'run_loss',
  'explain_finding',
  'verify_fix',
  'compare_runs',
  'read_quantity',
  'open_run',
  'chart',
] as const;

export type LanguageModelToolName = (typeof languageModelTools)[number];

/** The name of a tool among those of all extensions. */
export function nameInVsCode(name: LanguageModelToolName): `adamscope_${LanguageModelToolName}` {
  return `adamscope_${name}`;
}
