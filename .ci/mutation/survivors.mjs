// Compares the surviving mutants of a run with the list in docs/mutation.md. A mutant is identified by its
// file, the replaced code and the replacement, because line numbers would change with every edit above it.

/** Detected by a test, or by a timeout. */
const NOTICED = ['Killed', 'Timeout'];
const ALIVE = ['Survived', 'NoCoverage'];

/** The code between two positions of a text, with single spaces. */
function codeAt(source, { start, end }) {
  const lines = source.split('\n').slice(start.line - 1, end.line);
  lines[lines.length - 1] = lines.at(-1).slice(0, end.column - 1);
  lines[0] = lines[0].slice(start.column - 1);
  return oneLine(lines.join('\n'));
}

function oneLine(text) {
  return text.replace(/\s+/g, ' ').trim();
}

/** The mutants of a report that no test detected, those that timed out, and the number of detected ones. */
export function resultsOf(report) {
  const survivors = [];
  const slow = [];
  let noticed = 0;
  for (const [file, { source, mutants }] of Object.entries(report.files)) {
    for (const { status, location, replacement } of mutants) {
      if (NOTICED.includes(status)) noticed++;
      const mutant = {
        file,
        line: location.start.line,
        code: codeAt(source, location),
        mutant: oneLine(replacement ?? ''),
      };
      if (ALIVE.includes(status)) survivors.push(mutant);
      if (status === 'Timeout') slow.push(mutant);
    }
  }
  return { survivors, slow, noticed };
}

function quoted(code) {
  return code.includes('`') ? `\`\` ${code} \`\`` : `\`${code}\``;
}

/** A survivor in the format of the list, without its reason. */
export function itemOf({ code, mutant }) {
  return `- ${quoted(code)} → ${quoted(mutant)}:`;
}

/**
 * The mutants in docs/mutation.md: items below headings that name files. An item needs a reason on its first
 * line.
 */
export function listedIn(markdown) {
  const listed = [];
  let file = null;
  for (const line of markdown.split('\n')) {
    const heading = /^#+ (.*)$/.exec(line);
    if (heading) file = /^`?(src\/[^`\s]+)`?$/.exec(heading[1])?.[1] ?? null;
    const item = /^- (`+) ?(.+?) ?\1 → (`+) ?(.*?) ?\3: \S/.exec(line);
    if (item && file !== null) listed.push({ file, code: item[2], mutant: item[4] });
  }
  return listed;
}

function keyOf({ file, code, mutant }) {
  return JSON.stringify([file, code, mutant]);
}

/** `wanted` without `others`, matched one to one: the same code in two places of a file needs two items. */
function without(wanted, others) {
  const left = new Map();
  for (const other of others) left.set(keyOf(other), (left.get(keyOf(other)) ?? 0) + 1);
  return wanted.filter((one) => {
    const count = left.get(keyOf(one)) ?? 0;
    left.set(keyOf(one), count - 1);
    return count <= 0;
  });
}

/**
 * Survivors that are not listed, and listed items that were detected or no longer exist. An item that timed
 * out may remain in the list, because it has the same result, only later.
 */
export function compare({ survivors, slow }, listed) {
  return { unlisted: without(survivors, listed), stale: without(listed, [...survivors, ...slow]) };
}
