import { LogicalLines } from './logicalLines';

/** Cell magics whose cell is Python that runs in the notebook. */
const transparent = /^%%(?:time|timeit|capture)\b/;
/** `%magic`, `!command`, `?name`. */
const special = /^[%!?]/;
/** `name?`: no line of Python ends so, except in a string or comment. */
const help = /^[^#'"]*\?$/;
/** `files = !ls`, `found = %magic`. */
const assigned = /^[A-Za-z_][\w.,\s[\]*]*=\s*[%!]/;

/**
 * The Python of a code cell. Lines that only IPython understands become `pass`, which fits wherever such a line does; the other
 * lines keep their numbers.
 *
 * @returns null if the cell is written in another language, such as `%%bash`
 */
export function pythonOfCell(text: string): string | null {
  const lines = text.split(/\r\n?|\n/);
  const first = lines.find((line) => line.trim() !== '')?.trimStart() ?? '';
  if (first.startsWith('%%') && !transparent.test(first)) return null;
  const logical = new LogicalLines();
  let isContinued = false;
  return lines
    .map((line) => {
      const code = line.trim();
      const isLeftOut = isContinued || (logical.isAtStart && isForIPython(code));
      if (!isLeftOut) {
        logical.read(line);
        return line;
      }
      const indent = isContinued ? '' : line.slice(0, line.length - line.trimStart().length);
      const shown = isContinued ? '' : `${indent}pass  # ${code}`;
      isContinued = code.endsWith('\\');
      return shown;
    })
    .join('\n');
}

function isForIPython(code: string): boolean {
  return special.test(code) || help.test(code) || assigned.test(code);
}
