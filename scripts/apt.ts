import { existsSync } from 'node:fs';
import { lastLines, runCommand } from './run-command.ts';
import { SetupError } from './steps.ts';

/** On a machine that has just booted, another process may still hold the package lists. */
const lockTimeout = 'DPkg::Lock::Timeout=120';

/** Says whether this is Debian or a kin of it. */
export function hasApt(): boolean {
  return existsSync('/usr/bin/apt-get');
}

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** Runs `apt-get`, asking nothing; a failure shows the end of what it printed. */
export async function aptGet(...options: readonly string[]): Promise<void> {
  const { isSuccess, output } = await runCommand('apt-get', ['-o', lockTimeout, ...options], {
    DEBIAN_FRONTEND: 'noninteractive',
  });
  if (isSuccess) return;
  throw new SetupError(
    `apt-get ${options.join(' ')} failed. Put right what it says, then run this again:\n` +
      lastLines(output),
  );
}
