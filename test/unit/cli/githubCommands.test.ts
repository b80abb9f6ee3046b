import { describe, expect, it } from 'vitest';
import { workflowCommand } from '../../../src/cli/githubCommands';

const location = { file: 'src/fit.ts', line: 3, column: 5, endLine: 3, endColumn: 9 };

describe('a workflow command', () => {
  it('has the place in its properties, and no columns for a place of several lines', () => {
    expect(workflowCommand('error', { title: 'a', location }, 'b')).toBe(
      '::error file=src/fit.ts,line=3,endLine=3,col=5,endColumn=9,title=a::b',
    );
    expect(workflowCommand('warning', { title: 'a', location: { ...location, endLine: 4 } }, 'b')).toBe(
      '::warning file=src/fit.ts,line=3,endLine=4,title=a::b',
    );
    expect(workflowCommand('notice', { title: 'a', location: null }, 'b')).toBe('::notice title=a::b');
  });

  it('is a single line: text that the runner would interpret is escaped, % first', () => {
    expect(
      workflowCommand('error', { title: '50%: a,\r\nb %3A', location: null }, '50%: a,\r\n::error::b %0A'),
    ).toBe('::error title=50%25%3A a%2C%0D%0Ab %253A::50%25: a,%0D%0A::error::b %250A');
  });
});
