/**
 * The entrance for the npm scripts that run the project: `start`, `quickstart`, `test`, `bench`. It
 * runs on whatever Node the machine has (18 or later), installs the project's packages when they are
 * missing or out of date, and hands over to a Node that runs TypeScript: this one if it is recent
 * enough, else the pinned one, which is among those packages.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const programs = {
  start: 'src/main.ts',
  quickstart: 'scripts/quickstart.ts',
  test: 'scripts/test.ts',
  bench: 'bench/main.ts',
};
const oldestNode = 24;
const root = fileURLToPath(new URL('..', import.meta.url));
const executables = join(root, 'node_modules', '.bin');
const pinnedNode = join(executables, 'node');

const [name = '', ...options] = process.argv.slice(2);
if (!Object.hasOwn(programs, name)) {
  fail(`Usage: node scripts/bootstrap.mjs ${Object.keys(programs).join('|')} [options]`);
}
const program = join(root, programs[name]);
process.env.PATH = `${executables}${delimiter}${process.env.PATH}`;

const runsTypeScript = Number.parseInt(process.versions.node, 10) >= oldestNode;
if (!isInstalled()) install();
if (!existsSync(pinnedNode)) await import('./link-node.mjs');
if (runsTypeScript) await runHere();
else runInPinnedNode();

/** Says whether node_modules holds what package-lock.json asks for, by npm's own record of it. */
function isInstalled() {
  const wanted = readPackages(join(root, 'package-lock.json'));
  const present = readPackages(join(root, 'node_modules', '.package-lock.json'));
  if (wanted === undefined) fail('package-lock.json cannot be read: check the project out again.');
  if (present === undefined) return false;
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    if (path === '') return true;
    // Packages for other platforms are optional and stay away.
    if (present[path] === undefined) return optional === true;
    return present[path].version === version;
  });
}

function readPackages(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/** Runs `npm ci`. Its output is shown only if it fails. */
function install() {
  process.stdout.write('Installing the packages of package-lock.json with npm ci ... ');
  const startedAt = Date.now();
  const [command, ...prefix] = npmCommand();
  const { status, error, stdout, stderr } = spawnSync(
    command,
    [...prefix, 'ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund'],
    { cwd: root, encoding: 'utf8' },
  );
  if (status !== 0) {
    process.stdout.write('failed\n');
    process.stderr.write(`${error?.message ?? ''}${stdout ?? ''}${stderr ?? ''}\n`);
    fail('npm ci failed. Its output above says why; without network, npm needs a filled cache.');
  }
  process.stdout.write(`${((Date.now() - startedAt) / 1000).toFixed(1)} s\n`);
}

/** The npm that runs this script, with the Node it runs on; else the one on the path. */
function npmCommand() {
  const { npm_execpath: npm, npm_node_execpath: node } = process.env;
  if (npm === undefined || !npm.endsWith('.js')) return ['npm'];
  return [node !== undefined && existsSync(node) ? node : process.execPath, npm];
}

/** Becomes the program: no further process, so signals and start-up time are the program's own. */
async function runHere() {
  process.argv = [process.execPath, program, ...options];
  await import(pathToFileURL(program).href);
}

/** Runs the program in the pinned Node, passes signals on, and ends as it ends. */
function runInPinnedNode() {
  if (!existsSync(pinnedNode)) {
    fail(
      `Node ${oldestNode} or later is needed; this is ${process.version}, ` +
        `and ${process.platform} on ${process.arch} is not among the pinned builds.`,
    );
  }
  const child = spawn(pinnedNode, [program, ...options], { stdio: 'inherit' });
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) {
    // A terminal sends Ctrl-C to the program as well; passing it on would make it two.
    const alreadySent = signal === 'SIGINT' && process.stdin.isTTY;
    process.on(signal, () => alreadySent || child.kill(signal));
  }
  child.on('error', (error) => fail(`The pinned Node does not start: ${error.message}`));
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + constants.signals[signal];
  });
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
