import type { JobLimits } from '../protocol/jobProcess';
import { BadInput } from './badInput';
import { numberOf } from './layers';

export interface LimitFlags {
  readonly timeout?: string;
  readonly memoryLimit?: string;
}

const defaultTimeoutMs = 10_000;
const defaultMemoryMb = 2048;
/** The smallest limit with which a loss can be loaded. */
const leastMemoryMb = 64;

/**
 * The limits of one job.
 *
 * @throws BadInput if a flag is not a number, or too small
 */
export function limitsOf({ timeout, memoryLimit }: LimitFlags): JobLimits {
  return {
    evaluationTimeoutMs: timeout === undefined ? defaultTimeoutMs : timeoutOf(timeout),
    memoryLimitMb: memoryLimit === undefined ? defaultMemoryMb : memoryLimitOf(memoryLimit),
    setBy: { time: '--timeout', memory: '--memory-limit' },
  };
}

function timeoutOf(text: string): number {
  const value = numberOf('--timeout', text);
  if (value <= 0) throw new BadInput(`--timeout must be a number of milliseconds above 0, got ${text}`);
  return value;
}

function memoryLimitOf(text: string): number {
  const value = numberOf('--memory-limit', text);
  if (value >= leastMemoryMb && Number.isFinite(value)) return value;
  throw new BadInput(`--memory-limit must be a number of MB, ${leastMemoryMb} or more, got ${text}`);
}
