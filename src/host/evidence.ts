import type { RunConfig } from '../core/config/runConfig';
import { evidenceWords } from '../core/diagnosis/evidenceWords';
import type { Finding } from '../core/diagnosis/finding';
import { inAscent } from '../core/lossWords';
import { formatNumber } from '../core/numerics/format';

/** The evidence of a finding for display: the name of each number in words, and its value. */
export function evidenceOf(
  { code, evidence }: Finding,
  { maximize }: Pick<RunConfig, 'maximize'>,
): (readonly [name: string, value: string])[] {
  const wordsOf = (name: string) => evidenceWords(code, name);
  return Object.entries(evidence).map(([name, value]) => [
    maximize ? inAscent(wordsOf(name)) : wordsOf(name),
    typeof value === 'number'
      ? formatNumber(value, 4)
      : name === 'class'
        ? value.replaceAll('-', ' ')
        : value,
  ]);
}
