import type { OptimizerConfig, RunConfig, RunConfigPatch } from '../config/runConfig';
import type { FindingReport, Fix, Subject } from './finding';
import { fixId } from './fixId';

/** The configuration as rules see it after a switch: with the optimizer that makes the steps, which has no groups. */
export function afterSwitch(config: RunConfig): RunConfig {
  return config.switch ? { ...config, optimizer: config.switch.to, groups: null } : config;
}

/** A report on the second optimizer of a run: its options, and those that its fixes change, are those of the switch. */
export function reportAfterSwitch(report: FindingReport, to: OptimizerConfig): FindingReport {
  return {
    ...report,
    subject: subjectOf(report.subject),
    fixes: report.fixes.map((fix) => ofSwitch(fix, to)),
  };
}

function subjectOf(subject: Subject | null): Subject | null {
  if (subject?.kind !== 'option' || subject.path[0] !== 'optimizer') return subject;
  return { ...subject, path: ['switch', 'to', ...subject.path.slice(1)] };
}

function ofSwitch(fix: Fix, { name }: OptimizerConfig): Fix {
  if (!fix.patch?.optimizer) return fix;
  const { optimizer, ...rest } = fix.patch;
  const patch: RunConfigPatch = { ...rest, switch: { to: { name, ...optimizer } } };
  return { ...fix, id: fixId(patch), title: `${fix.title} after the switch`, patch };
}
