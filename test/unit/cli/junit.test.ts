import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type JunitCase, junitXml } from '../../../src/cli/junit';

const passed: JunitCase = { file: 'a.ts', name: 'bowl', line: 8, seconds: 0.25, problem: null, output: '' };

function failed(message: string, kind: 'failure' | 'error' = 'failure'): JunitCase {
  return {
    ...passed,
    name: 'steep',
    line: null,
    problem: { kind, type: 'expectation', message, body: message },
  };
}

/** The message and the body of a problem, as they are in the XML. */
function partsOf(text: string): readonly string[] {
  const xml = junitXml([failed(text)]);
  return /message="([^"]*)">([^<]*)<\/failure>/.exec(xml)!.slice(1);
}

describe('a report in the XML of JUnit', () => {
  it('has a suite for each file and a case for each loss, with their counts and times', () => {
    const other = { ...passed, file: 'b.ipynb', line: null, output: 'b.ipynb:1: warning' };
    expect(junitXml([passed, other, failed('too high'), failed('no file', 'error')])).toBe(
      `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="adamscope check" tests="4" failures="1" errors="1" time="1.000">
  <testsuite name="a.ts" tests="3" failures="1" errors="1" time="0.750" skipped="0">
    <testcase classname="a.ts" name="bowl" file="a.ts" line="8" time="0.250"/>
    <testcase classname="a.ts" name="steep" file="a.ts" time="0.250">
      <failure type="expectation" message="too high">too high</failure>
    </testcase>
    <testcase classname="a.ts" name="steep" file="a.ts" time="0.250">
      <error type="expectation" message="no file">no file</error>
    </testcase>
  </testsuite>
  <testsuite name="b.ipynb" tests="1" failures="0" errors="0" time="0.250" skipped="0">
    <testcase classname="b.ipynb" name="bowl" file="b.ipynb" time="0.250">
      <system-out>b.ipynb:1: warning</system-out>
    </testcase>
  </testsuite>
</testsuites>`,
    );
  });

  it.each<[text: string, message: string, body: string]>([
    [
      'a < b && "c" > d ]]>',
      'a &lt; b &amp;&amp; &quot;c&quot; &gt; d ]]&gt;',
      'a &lt; b &amp;&amp; "c" &gt; d ]]&gt;',
    ],
    ['one\ntwo\tthree\r', 'one&#10;two&#9;three&#13;', 'one\ntwo\tthree&#13;'],
    ['\u0000\u001b[31mred', '\\x00\\x1b[31mred', '\\x00\\x1b[31mred'],
    [
      'half \ud800 and \udc00, \ufffe, \uffff',
      'half \\ud800 and \\udc00, \\ufffe, \\uffff',
      'half \\ud800 and \\udc00, \\ufffe, \\uffff',
    ],
    ['α → 😀 ✗', 'α → 😀 ✗', 'α → 😀 ✗'],
  ])('shows %j', (text, message, body) => {
    expect(partsOf(text)).toEqual([message, body]);
  });

  it('contains no character that XML 1.0 does not allow, and no markup from a text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.array(fc.integer({ min: 0, max: 0xffff })),
        (text, units) => {
          for (const part of partsOf(text + String.fromCharCode(...units))) {
            expect(part).toMatch(/^[\t\n\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u);
            expect(part.replace(/&(amp|lt|gt|quot|#\d+);/g, '')).not.toMatch(/[&<]/);
          }
        },
      ),
    );
  });
});
