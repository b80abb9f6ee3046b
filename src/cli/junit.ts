/** A test of a JUnit report. */
export interface JunitCase {
  /** The file of the test; tests of one file are one suite. */
  readonly file: string;
  readonly name: string;
  /** null if the test has no line of its file, as in a cell of a notebook. */
  readonly line: number | null;
  readonly seconds: number;
  /** null if the test passed. */
  readonly problem: JunitProblem | null;
  /** What a report shows with a test that passed; empty for nothing. */
  readonly output: string;
}

export interface JunitProblem {
  /** `failure`: the test ran and did not pass; `error`: it could not be run. */
  readonly kind: 'failure' | 'error';
  readonly type: string;
  readonly message: string;
  readonly body: string;
}

/**
 * A report in the XML of JUnit, in the dialect that Jenkins, GitLab and the actions for GitHub read: `testsuites`, a `testsuite` for each
 * file, a `testcase` for each test. It has no time stamp, so that equal results are equal texts.
 */
export function junitXml(cases: readonly JunitCase[]): string {
  const suites = new Map<string, JunitCase[]>();
  for (const each of cases) suites.set(each.file, [...(suites.get(each.file) ?? []), each]);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: 'adamscope check', ...totalsOf(cases) })}>`,
    ...[...suites].flatMap(([file, own]) => [
      `  <testsuite${attributes({ name: file, ...totalsOf(own), skipped: 0 })}>`,
      ...own.flatMap(caseLines),
      '  </testsuite>',
    ]),
    '</testsuites>',
  ].join('\n');
}

function totalsOf(cases: readonly JunitCase[]) {
  const count = (kind: JunitProblem['kind']) => cases.filter(({ problem }) => problem?.kind === kind).length;
  return {
    tests: cases.length,
    failures: count('failure'),
    errors: count('error'),
    time: timeOf(cases.reduce((sum, { seconds }) => sum + seconds, 0)),
  };
}

function caseLines({ file, name, line, seconds, problem, output }: JunitCase): string[] {
  const place = line === null ? { file } : { file, line };
  const head = `    <testcase${attributes({ classname: file, name, ...place, time: timeOf(seconds) })}`;
  if (!problem && output === '') return [`${head}/>`];
  const content = problem
    ? element(problem.kind, { type: problem.type, message: problem.message }, problem.body)
    : element('system-out', {}, output);
  return [`${head}>`, `      ${content}`, '    </testcase>'];
}

function element(name: string, given: Parameters<typeof attributes>[0], text: string): string {
  return `<${name}${attributes(given)}>${xmlText(text)}</${name}>`;
}

function attributes(given: Readonly<Record<string, string | number>>): string {
  return Object.entries(given)
    .map(([name, value]) => ` ${name}="${xmlAttribute(String(value))}"`)
    .join('');
}

/** Readers expect a plain decimal number. */
function timeOf(seconds: number): string {
  return seconds.toFixed(3);
}

/** Line ends and tabs of an attribute are spaces to a reader, unless they are written as references. */
function xmlAttribute(text: string): string {
  return xmlText(text)
    .replace(/"/g, '&quot;')
    .replace(/[\t\n]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/**
 * A text in XML 1.0. What it cannot hold, even as a reference, is shown as an escape: control characters, halves of surrogate pairs,
 * U+FFFE and U+FFFF.
 */
function xmlText(text: string): string {
  return text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/\r/g, '&#13;')
    .replace(/[^\t\n\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, escaped);
}

function escaped(character: string): string {
  const code = character.charCodeAt(0).toString(16);
  return code.length > 2 ? `\\u${code.padStart(4, '0')}` : `\\x${code.padStart(2, '0')}`;
}
