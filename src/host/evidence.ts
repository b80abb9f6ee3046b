import type { Finding } from '../core/diagnosis/finding';
import { formatNumber } from '../core/numerics/format';

/** The numbers that a finding rests on, for people: name and value. */
export function evidenceOf({ evidence }: Finding): (readonly [name: string, value: string])[] {
  return Object.entries(evidence).map(([name, value]) => [
    name,
    typeof value === 'number' ? formatNumber(value, 4) : value,
  ]);
}
