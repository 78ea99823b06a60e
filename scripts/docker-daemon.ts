import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import { askEngine } from './engine.ts';
import { lastLines, runCommand } from './run-command.ts';
import { type Progress, SetupError } from './steps.ts';

const logDirectory = fileURLToPath(new URL('../.longshore', import.meta.url));
const logPath = `${logDirectory}/dockerd.log`;
const startSeconds = 60;
const pollMilliseconds = 100;

/** What can be done where dockerd gives up at once, by the reason that it logs last. */
type Remedy = {
  readonly reason: RegExp;
  readonly name: string;
  readonly daemonOptions: readonly string[];
  readonly command?: readonly [string, ...string[]];
};

const remedies: readonly Remedy[] = [
  {
    // Inside a container the storage drivers of choice may have nothing to build on.
    reason: /graphdriver|storage driver/,
    name: 'the vfs storage driver',
    daemonOptions: ['--storage-driver=vfs'],
  },
  {
    // Some kernels lack the nftables that Debian's iptables speaks by default.
    reason: /iptables|nf_tables/,
    name: 'iptables-legacy',
    daemonOptions: [],
    command: ['update-alternatives', '--set', 'iptables', '/usr/sbin/iptables-legacy'],
  },
];

/**
 * Runs dockerd itself, for machines where no service manager can start it. It stays when set-up
 * ends. Returns the Engine's version.
 */
export async function startDaemon(progress: Progress): Promise<string> {
  const untried = new Set(remedies);
  const daemonOptions: string[] = [];
  progress('starting dockerd');
  for (;;) {
    const outcome = await launch(daemonOptions);
    if (outcome.kind === 'Answers') return outcome.version;
    const remedy = [...untried].find(({ reason }) => reason.test(outcome.reason));
    if (remedy === undefined) throw giveUp(outcome.reason);
    untried.delete(remedy);
    daemonOptions.push(...remedy.daemonOptions);
    progress(`dockerd gave up; trying with ${remedy.name}`);
    if (remedy.command !== undefined) {
      const [command, ...commandArguments] = remedy.command;
      await runCommand(command, commandArguments);
    }
  }
}

/** Waits until an Engine answers, at most so long. Returns its version. */
export async function awaitEngine(
  seconds: number,
  isHopeless: () => boolean = () => false,
): Promise<string | undefined> {
  const deadline = performance.now() + seconds * 1000;
  while (performance.now() < deadline && !isHopeless()) {
    const state = await askEngine();
    if (state.kind === 'Answers') return state.version;
    await delay(pollMilliseconds);
  }
  return undefined;
}

type LaunchOutcome =
  | { readonly kind: 'Answers'; readonly version: string }
  | { readonly kind: 'Exited'; readonly reason: string };

async function launch(daemonOptions: readonly string[]): Promise<LaunchOutcome> {
  mkdirSync(logDirectory, { recursive: true, mode: 0o700 });
  removeStalePidFile();
  const log = openSync(logPath, 'w');
  const daemon = spawn('dockerd', daemonOptions, {
    detached: true,
    stdio: ['ignore', log, log],
  });
  let hasExited = false;
  daemon.on('error', () => (hasExited = true));
  daemon.on('exit', () => (hasExited = true));
  daemon.unref();

  const version = await awaitEngine(startSeconds, () => hasExited);
  if (version !== undefined) return { kind: 'Answers', version };
  if (hasExited) return { kind: 'Exited', reason: reasonOfExit(readFileSync(logPath, 'utf8')) };
  throw new SetupError(
    `dockerd runs but does not answer after ${startSeconds} s. Its log: ${logPath}`,
  );
}

const pidFile = '/var/run/docker.pid';

/** One that was killed leaves its number behind, and another process, or a dead one, may bear it. */
function removeStalePidFile(): void {
  if (!existsSync(pidFile)) return;
  const status = `/proc/${readFileSync(pidFile, 'utf8').trim()}/status`;
  const holder = existsSync(status) ? readFileSync(status, 'utf8') : '';
  const isRunning = /^Name:\tdockerd$/m.test(holder) && !/^State:\tZ/m.test(holder);
  if (!isRunning) rmSync(pidFile);
}

/** dockerd ends with what stopped it, over more than a line, after much that did not. */
function reasonOfExit(log: string): string {
  const start = log.lastIndexOf('failed to start daemon');
  return start === -1 ? lastLines(log) : log.slice(start).trimEnd();
}

function giveUp(reason: string): SetupError {
  const advice = /cgroup/i.test(reason)
    ? 'Mount the cgroup file systems (on Debian: apt-get install cgroupfs-mount), or run this on a ' +
      'machine that may use them.'
    : 'Containers need a machine or a virtual machine of its own, or a privileged container.';
  return new SetupError(`dockerd does not start. ${advice} Its log, ${logPath}, ends:\n${reason}`);
}
