import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { aptGet, hasApt, isRoot } from './apt.ts';
import { awaitEngine, startDaemon } from './docker-daemon.ts';
import { type EngineState, askEngine } from './engine.ts';
import { runCommand } from './run-command.ts';
import { type Progress, SetupError, type StepResult } from './steps.ts';

const packages = ['docker.io', 'iptables', 'apparmor', 'ca-certificates', 'busybox-static'];
const serviceStartSeconds = 15;

/** Sees to it that a Docker Engine answers: installs Debian's and starts it where none does. */
export async function ensureDocker(progress: Progress): Promise<StepResult<void>> {
  const state = await askEngine();
  if (state.kind === 'Answers') {
    await ensureProfiles(progress);
    return answering(state.version);
  }
  refuseWhatOnlyAPersonCanChange(state);
  if (!isOnPath('dockerd')) await installDocker(progress);
  return answering((await startService(progress)) ?? (await startDaemon(progress)));
}

function answering(version: string): StepResult<void> {
  return { note: `version ${version} answers`, value: undefined };
}

function refuseWhatOnlyAPersonCanChange(state: Exclude<EngineState, { kind: 'Answers' }>): void {
  if (state.kind === 'Forbidden') {
    throw new SetupError(
      `Docker runs, but you may not use ${state.address}: run 'sudo usermod -aG docker $USER' ` +
        'and log in again.',
    );
  }
  if (process.env['DOCKER_HOST']) {
    throw new SetupError(
      `No Docker Engine answers at DOCKER_HOST, ${state.address}: start it, or unset DOCKER_HOST.`,
    );
  }
  if (process.platform !== 'linux') {
    throw new SetupError('No Docker Engine answers: install Docker Desktop and start it.');
  }
  if (!isRoot()) {
    throw new SetupError(
      'No Docker Engine answers: install and start it (Debian, Ubuntu: ' +
        "'sudo apt-get install docker.io'), or run this once as root.",
    );
  }
}

async function installDocker(progress: Progress): Promise<void> {
  if (!hasApt()) {
    throw new SetupError('No Docker Engine answers: install Docker Engine and start it.');
  }
  progress('apt-get update');
  await aptGet('update');
  progress(`apt-get install ${packages.join(' ')}`);
  try {
    await aptGet('install', '-y', '--no-install-recommends', ...packages);
  } catch (error) {
    // Where its service cannot start, the package is there all the same, and dockerd may yet run.
    if (!isOnPath('dockerd')) throw error;
  }
}

/**
 * Where the kernel has AppArmor switched on, a Docker Engine starts no container without the program that loads its
 * profile, which Debian's `docker.io` only recommends.
 */
async function ensureProfiles(progress: Progress): Promise<void> {
  if (process.env['DOCKER_HOST'] || !isAppArmorOn() || isOnPath('apparmor_parser')) return;
  if (!isRoot() || !hasApt()) {
    throw new SetupError(
      'AppArmor is switched on, and Docker starts no container without its program apparmor_parser: install the ' +
        "package apparmor (Debian, Ubuntu: 'sudo apt-get install apparmor').",
    );
  }
  progress('apt-get install apparmor');
  await aptGet('update');
  await aptGet('install', '-y', '--no-install-recommends', 'apparmor');
}

function isAppArmorOn(): boolean {
  const path = '/sys/module/apparmor/parameters/enabled';
  return existsSync(path) && readFileSync(path, 'utf8').startsWith('Y');
}

/** Starts Docker the machine's own way. Returns the Engine's version if it then answers. */
async function startService(progress: Progress): Promise<string | undefined> {
  const command = serviceCommand();
  if (command === undefined) return undefined;
  progress(command.join(' '));
  const [program, ...programArguments] = command;
  const { isSuccess } = await runCommand(program, programArguments);
  return isSuccess ? awaitEngine(serviceStartSeconds) : undefined;
}

function serviceCommand(): [string, ...string[]] | undefined {
  if (existsSync('/run/systemd/system')) return ['systemctl', 'start', 'docker'];
  if (existsSync('/etc/init.d/docker')) return ['service', 'docker', 'start'];
  return undefined;
}

function isOnPath(program: string): boolean {
  const directories = (process.env['PATH'] ?? '').split(delimiter);
  return [...directories, '/usr/sbin', '/sbin'].some((directory) =>
    existsSync(join(directory, program)),
  );
}
