import { adamscope } from './adamscope';

/** The last line that a run with small limits prints on the standard error, without "adamscope: "; empty if it prints nothing. */
export function lastWords(python: string, files: Readonly<Record<string, string>>, target: string): string {
  const { stderr } = adamscope(
    python,
    files,
    'run',
    target,
    '--no-verify',
    '--steps=5',
    '--timeout=3000',
    '--memory-limit=300',
  );
  return stderr
    .trimEnd()
    .split('\n')
    .at(-1)!
    .replace(/^adamscope: /, '');
}
