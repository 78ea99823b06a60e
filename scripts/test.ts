/** `npm test`: sets up what is missing, checks the sources, and runs every test. */
import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ensureTestImage } from './demo-image.ts';
import { ensureDocker } from './ensure-docker.ts';
import { runCommand } from './run-command.ts';
import { type StepResult, runProgram, step } from './steps.ts';

type Tally = { readonly passed: number; readonly failed: number };

const root = fileURLToPath(new URL('..', import.meta.url));
const reportPath = `${root}.longshore/test-report.json`;

/** The checks are those of `npm run check`. Each counts as a test. */
const checks = [
  { title: 'Format', command: 'oxfmt', options: ['--check', '.'] },
  { title: 'Lint', command: 'oxlint', options: ['--type-aware', '--deny-warnings'] },
  { title: 'Types', command: 'tsc', options: ['-b'] },
];

await runProgram(async () => {
  process.chdir(root);
  const checked: Tally[] = [];
  for (const check of checks) checked.push(await runCheck(check));
  await step('Docker Engine', ensureDocker);
  await step('Image of the tests', ensureTestImage);
  const tested = await runTests(process.argv.slice(2));

  const total = [...checked, tested].reduce(add);
  console.log(`${total.passed} passed, ${total.failed} failed`);
  if (total.failed > 0) process.exitCode = 1;
});

async function runCheck({ title, command, options }: (typeof checks)[number]): Promise<Tally> {
  const { isSuccess, output } = await step(title, async () => {
    const value = await runCommand(command, options);
    const note = value.isSuccess ? '' : 'failed';
    return { note, value } satisfies StepResult<typeof value>;
  });
  if (!isSuccess) console.log(output);
  return isSuccess ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

async function runTests(options: readonly string[]): Promise<Tally> {
  rmSync(reportPath, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportPath}`];
  const code = await new Promise<number>((resolve, reject) => {
    const vitest = spawn('vitest', ['run', ...reporters, ...options], { stdio: 'inherit' });
    vitest.on('error', reject);
    vitest.on('exit', (exitCode) => resolve(exitCode ?? 1));
  });
  const tally = readTally();
  // Vitest also fails for an error outside any test, and a run without tests proves nothing.
  const hasFailed = code !== 0 || tally.passed === 0;
  return hasFailed && tally.failed === 0 ? { ...tally, failed: 1 } : tally;
}

type Report = {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly unknown[];
  }[];
};

/** Counts tests; a file that failed before any of its tests ran counts as one. */
function readTally(): Tally {
  const report = readReport();
  if (report === undefined) return { passed: 0, failed: 1 };
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + brokenFiles.length,
  };
}

function readReport(): Report | undefined {
  try {
    return JSON.parse(readFileSync(reportPath, 'utf8'));
  } catch {
    return undefined; // Vitest did not come so far as to write it.
  }
}

function add(one: Tally, other: Tally): Tally {
  return { passed: one.passed + other.passed, failed: one.failed + other.failed };
}
