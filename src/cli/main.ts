import { Command, CommanderError, Option } from 'commander';
import { version } from '../../package.json';
import { diagnosisLevels } from '../core/diagnosis/diagnose';
import { optimizerNames } from '../core/optimizers/registry';
import { scheduleNames } from '../core/schedules/registry';
import { exportFormats } from '../runs/export/exportLines';
import { compare, invariances, lrRange } from './analyse';
import { BadInput, Interrupted } from './badInput';
import { check } from './check';
import { diff } from './diff';
import { exportRun } from './export';
import { fixBudgetHelp } from './fixBudget';
import { grad } from './grad';
import { inspect } from './inspect';
import { exitCodeOf, handleSignals, interruption } from './interruption';
import { list } from './list';
import { serveMcp } from './mcp/serve';
import { oneLine } from './oneLine';
import { options } from './options';
import { choosePython, pythonOption } from './python';
import { replay } from './replay';
import { report } from './report';
import { run } from './run';
import { sweep } from './sweep/sweep';

const program = new Command('adamscope')
  .description('The optimizer debugger: runs Adam and other optimizers on the losses of a workspace.')
  .version(version)
  .exitOverride()
  .configureOutput({
    outputError: (text, write) => write(`${oneLine(text).replace(/^error: /, 'adamscope: ')}\n`),
  });

program.hook('preAction', (_, command) => choosePython(command));

let exitCode = 0;
const timeLimit = new Option('--timeout <ms>', 'time limit for one evaluation (default: 10000)');
const memoryLimit = new Option('--memory-limit <MB>', 'memory limit of the loss (default: 2048)');

program
  .command('list')
  .description('list the losses, and the optimizers of your own, in files or below folders')
  .argument('[paths...]', 'files or folders (default: the working directory)')
  .option('--json', 'print JSON')
  .action(list);

program
  .command('grad')
  .description('print the value and the gradient of a loss at a point')
  .argument('<loss>', 'FILE#NAME')
  .option('--at <numbers>', 'the point, for example -1.2,1 (default: the start of the loss)')
  .addOption(pythonOption())
  .addOption(timeLimit)
  .addOption(memoryLimit)
  .option('--json', 'print JSON')
  .action(grad);

/** The options that configure a run. */
function configured(command: Command): Command {
  return command
    .argument('<loss>', 'FILE#NAME')
    .option('--config <json|file>', 'a configuration, which overrides the annotation')
    .option('--optimizer <name>', optimizerNames.join(', '))
    .option('--lr <number>', 'learning rate')
    .option('--schedule <name>', `${scheduleNames.join(', ')}, or none`)
    .option('--steps <number>', 'number of updates')
    .option('--start <numbers>', 'the start, for example -1.2,1')
    .option('--seed <number>', 'seed of the mini-batches and of `random`')
    .option(
      '--set <key=value>',
      'an option of the optimizer, or a path like schedule.tMax; repeatable',
      collect,
      [],
    )
    .addOption(pythonOption())
    .addOption(timeLimit)
    .addOption(memoryLimit)
    .option('--json', 'print JSON');
}

configured(program.command('run').description('run an optimizer on a loss'))
  .addOption(
    new Option('--diagnosis <level>', 'how thoroughly to diagnose the run (default: full)').choices([
      ...diagnosisLevels,
    ]),
  )
  .option('--no-verify', 'print fixes without trying them')
  .option('--fix-budget <numbers>', fixBudgetHelp)
  .option('--out <file>', 'write the run to a file FILE.adamscope, while it goes on')
  .option('--steps-out <file>', 'write each step as one line of JSON')
  .action(async (target, options) => {
    exitCode = await run(target, options);
  });

program
  .command('check')
  .description('run every loss that has an @expect tag')
  .argument('<paths...>', 'files, folders or FILE#NAME')
  .option('--format <format>', 'text, github, json or junit', 'text')
  .addOption(pythonOption())
  .addOption(timeLimit)
  .addOption(memoryLimit)
  .option('--no-verify', 'print fixes without trying them')
  .action(async (paths, options) => {
    exitCode = await check(paths, options);
  });

configured(program.command('compare').description('run a loss with several optimizers, dialects or seeds'))
  .option('--optimizers <names>', 'optimizers to compare, separated by commas (default: all)')
  .option('--dialects', 'compare the dialects of the optimizer instead')
  .option('--orders <count>', 'compare this many orders of the data instead')
  .action(async (target, options) => {
    exitCode = await compare(target, options);
  });

configured(program.command('lr-range').description('suggest a learning rate by a range test'))
  .option('--seeds <count>', 'number of seeds for a stochastic loss (default: 5)')
  .action(async (target, options) => {
    exitCode = await lrRange(target, options);
  });

configured(
  program
    .command('invariances')
    .description(
      'check the invariances of an optimizer on a loss, or check an optimizer of your own (@optimizerStep)',
    ),
).action(async (target, options) => {
  exitCode = await invariances(target, options);
});

configured(
  program.command('sweep').description('run a loss with every combination of the values of two options'),
)
  .requiredOption('--x <path=values>', 'the option of the columns, for example optimizer.lr=1e-4..1:log:9')
  .option('--y <path=values>', 'the option of the rows, for example optimizer.beta2=0.9,0.99,0.999')
  .option('--out <folder>', 'keep each run as a file, and go on from the runs that are kept there')
  .action(sweep);

program
  .command('export')
  .description('print the steps of a run file (run --out) as CSV, or the whole run as JSON')
  .argument('<file>', 'FILE.adamscope')
  .addOption(new Option('--format <format>', 'csv or json').choices([...exportFormats]).default('csv'))
  .option('--out <file>', 'write to a file instead of standard output')
  .addHelpText(
    'after',
    '\nParquet: pyarrow converts a run file in one line:\n  pyarrow.parquet.write_table(pyarrow.ipc.open_stream("run.adamscope").read_all(), "run.parquet")',
  )
  .action(exportRun);

program
  .command('diff')
  .description(
    'print what differs between two runs: configuration, first differing step and quantity, result',
  )
  .argument('<a>', 'FILE.adamscope')
  .argument('<b>', 'FILE.adamscope')
  .option('--json', 'print JSON')
  .action(diff);

program
  .command('report')
  .description('write one HTML file about a run, or about several and how they compare')
  .argument('<files...>', 'FILE.adamscope')
  .requiredOption('--out <file>', 'the HTML file')
  .action(report);

program
  .command('inspect')
  .description(
    'print what was found in recordings of trainings (python -m adamscope run); the exit code is 1 if that is a warning',
  )
  .argument(
    '<files...>',
    'FILE.adamscope; of one rank of a distributed training, the others are compared with it',
  )
  .option(
    '--try <loss>',
    'FILE#NAME of a Python loss with the parameters of the recording (module=): makes the steps around a spike again, and tries changes',
  )
  .addOption(pythonOption())
  .addOption(timeLimit)
  .addOption(memoryLimit)
  .option('--json', 'print JSON')
  .action(async (files, options) => {
    exitCode = await inspect(files, options);
  });

program
  .command('replay')
  .description('run a stored run again from what it stores, and compare every bit')
  .argument('<file>', 'FILE.adamscope')
  .addOption(pythonOption())
  .addOption(timeLimit)
  .addOption(memoryLimit)
  .option('--json', 'print JSON')
  .action(async (file, options) => {
    exitCode = await replay(file, options);
  });

program
  .command('debug-adapter')
  .description('serve a debug session over standard input and output (Debug Adapter Protocol), for editors')
  .addOption(pythonOption())
  .addOption(timeLimit)
  .addOption(memoryLimit)
  .action(async (options) => {
    await (await import('./debugAdapter')).debugAdapter(options);
  });

program
  .command('mcp')
  .description('serve a client of the Model Context Protocol on standard input and output')
  .option('--root <folder>', 'the folder whose files may be read and run (default: the working directory)')
  .option('--fix-budget <numbers>', fixBudgetHelp)
  .addOption(pythonOption())
  .addOption(timeLimit)
  .addOption(memoryLimit)
  .action(serveMcp);

program
  .command('options')
  .description('list the optimizers and schedules, or the options of one')
  .argument('[name]', 'an optimizer or a schedule')
  .option('--json', 'print JSON')
  .action(options);

// A closed pipe (`| head`) is not an error.
process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
  if (code === 'EPIPE') process.exit(0);
  console.error(`adamscope: standard output cannot be written: ${message}`);
  process.exit(2);
});

handleSignals();
program.parseAsync().then(
  () => {
    process.exitCode = interruption.aborted ? exitCodeOf('SIGINT') : exitCode;
  },
  (error: unknown) => {
    if (interruption.aborted && (error instanceof Interrupted || error instanceof BadInput)) {
      console.error(`adamscope: ${oneLine(error.message)}`);
      process.exitCode = exitCodeOf('SIGINT');
    } else if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
    else if (error instanceof BadInput) {
      console.error(`adamscope: ${oneLine(error.message)}`);
      process.exitCode = 2;
    } else throw error;
  },
);

function collect(value: string, before: readonly string[]): string[] {
  return [...before, value];
}
