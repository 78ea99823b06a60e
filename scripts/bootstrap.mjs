/**
 * The entrance for the npm scripts that run the project: `start`, `quickstart`, `test`, `bench`. It
 * runs on whatever Node the machine has (18 or later), installs the project's packages when they are
 * missing or out of date, and hands over to a Node that runs TypeScript: this one if it is recent
 * enough, else the pinned one, which is among those packages. Nearly every start finds all in place,
 * so what only an installation needs is imported there.
 */
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import module from 'node:module';
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
/** Keeps the sources stripped of their types and compiled, which halves the time of a start. */
const compileCache = join(root, 'node_modules', '.cache', 'longshore-compiled');
const cacheAfterMilliseconds = 2000;
/** What `npm run build` compiles the server into. */
const release = join(root, 'dist', 'release', 'release.cjs');

const [name = '', ...options] = process.argv.slice(2);
if (!Object.hasOwn(programs, name)) {
  fail(`Usage: node scripts/bootstrap.mjs ${Object.keys(programs).join('|')} [options]`);
}
const program = name === 'start' && isReleaseCurrent() ? release : join(root, programs[name]);
process.env.PATH = `${executables}${delimiter}${process.env.PATH}`;

if (!isInstalled()) await installPackages();
if (Number.parseInt(process.versions.node, 10) >= oldestNode) {
  await runHere();
} else {
  if (!existsSync(pinnedNode)) await providePinnedNode();
  await runInPinnedNode();
}

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

/** Says whether the server has been compiled since anything that it is made of was changed. */
function isReleaseCurrent() {
  if (!existsSync(release)) return false;
  const compiledAt = statSync(release).mtimeMs;
  const sources = join(root, 'src');
  // A folder changes with what is added to it, renamed in it or removed from it.
  const inputs = readdirSync(sources, { recursive: true }).map((path) => join(sources, path));
  inputs.push(sources, join(root, 'package-lock.json'), join(root, 'scripts', 'release-bundle.ts'));
  return inputs.every((path) => statSync(path).mtimeMs < compiledAt);
}

/**
 * Leaves out the scripts of the packages, which none of them needs. npm 10 does not know
 * `allowScripts` and would run them on the pinned Node, which may lack a library as yet. So this
 * does itself what `prepare` does.
 */
async function installPackages() {
  const [npm, ...prefix] = npmCommand();
  const include = ['--include=dev', '--include=optional'];
  await install('the packages of package-lock.json with npm ci', [
    [npm, ...prefix, 'ci', ...include, '--ignore-scripts', '--no-audit', '--no-fund'],
  ]);
  const { linkPinnedNode } = await import('./pinned-node.mjs');
  linkPinnedNode();
}

/** The npm that runs this script, with the Node it runs on; else the one on the path. */
function npmCommand() {
  const { npm_execpath: npm, npm_node_execpath: node } = process.env;
  if (npm === undefined || !npm.endsWith('.js')) return ['npm'];
  return [node !== undefined && existsSync(node) ? node : process.execPath, npm];
}

/** Node 26 needs one library that a minimal Debian lacks. */
async function providePinnedNode() {
  const { linkPinnedNode } = await import('./pinned-node.mjs');
  let problem = linkPinnedNode();
  if (problem?.includes('libatomic.so.1') && existsSync('/usr/bin/apt-get')) {
    if (process.getuid() !== 0) fail("Node 26 needs libatomic: 'sudo apt-get install libatomic1'.");
    const aptGet = ['apt-get', '-o', 'DPkg::Lock::Timeout=120'];
    await install('libatomic1, which Node 26 needs, with apt-get', [
      [...aptGet, 'update'],
      [...aptGet, 'install', '-y', '--no-install-recommends', 'libatomic1'],
    ]);
    problem = linkPinnedNode();
  }
  if (problem === undefined) return;
  fail(
    `Node ${oldestNode} or later is needed; this is ${process.version}, and the pinned one ` +
      `does not run: ${problem}`,
  );
}

/** Runs commands that install something. Their output is shown only if one fails. */
async function install(what, commands) {
  const { spawnSync } = await import('node:child_process');
  process.stdout.write(`Installing ${what} ... `);
  const startedAt = Date.now();
  for (const [command, ...commandArguments] of commands) {
    const { status, error, stdout, stderr } = spawnSync(command, commandArguments, {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    if (status === 0) continue;
    process.stdout.write('failed\n');
    process.stderr.write(`${error?.message ?? ''}${stdout ?? ''}${stderr ?? ''}\n`);
    fail(`Put right what is said above, then run this again: npm run ${name}`);
  }
  process.stdout.write(`${((Date.now() - startedAt) / 1000).toFixed(1)} s\n`);
}

/** Becomes the program: no further process, so signals and start-up time are the program's own. */
async function runHere() {
  process.argv = [process.execPath, program, ...options];
  module.enableCompileCache(compileCache);
  await import(pathToFileURL(program).href);
  // Node keeps it at the end of the process; a server may be killed.
  setTimeout(() => module.flushCompileCache(), cacheAfterMilliseconds).unref();
}

/** Runs the program in the pinned Node, passes signals on, and ends as it ends. */
async function runInPinnedNode() {
  const [{ spawn }, { constants }] = await Promise.all([
    import('node:child_process'),
    import('node:os'),
  ]);
  const child = spawn(pinnedNode, [program, ...options], {
    stdio: 'inherit',
    env: { ...process.env, NODE_COMPILE_CACHE: compileCache },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    // A terminal sends Ctrl-C to the program as well; passing it on would make it two.
    const isAlreadySent = signal === 'SIGINT' && process.stdin.isTTY;
    process.on(signal, () => isAlreadySent || child.kill(signal));
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
