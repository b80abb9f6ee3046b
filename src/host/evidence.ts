import { evidenceWords } from '../core/diagnosis/evidenceWords';
import type { Finding } from '../core/diagnosis/finding';
import { formatNumber } from '../core/numerics/format';

/** The evidence of a finding for display: the name of each number in words, and its value. */
export function evidenceOf({ code, evidence }: Finding): (readonly [name: string, value: string])[] {
  return Object.entries(evidence).map(([name, value]) => [
    evidenceWords(code, name),
    typeof value === 'number'
      ? formatNumber(value, 4)
      : name === 'class'
        ? value.replaceAll('-', ' ')
        : value,
  ]);
}
