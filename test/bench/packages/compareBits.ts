// node dist/test/bench/packages/compareBits.js <folder> <package>: compares one package. Its last line is the
// result as JSON; the lines before it are results so far.
import { type Comparison, comparePackage } from './bits';

const [folder, name] = process.argv.slice(2);
const print = console.log.bind(console);
for (const method of ['log', 'warn', 'error', 'info', 'debug', 'trace'] as const) console[method] = () => {};
const show = (comparison: Comparison) => print(JSON.stringify(comparison));
void comparePackage(folder!, name!, 1, show).then((comparison) => {
  show(comparison);
  process.exit();
});
