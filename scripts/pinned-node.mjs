import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const prefix = process.platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node';
const program = `${prefix}-${process.platform}-${process.arch}/bin/node`;
const packages = fileURLToPath(new URL('../node_modules', import.meta.url));

/** Where npm scripts find the pinned Node. */
const pinnedNode = `${packages}/.bin/node`;

/**
 * Links the pinned Node of this platform, or says why it does not run. npm makes the same link, but
 * npm 10 removes it together with the packages of the other platforms, which bear the same command;
 * and a link to a Node that does not run would stop every npm script.
 */
export function linkPinnedNode() {
  rmSync(pinnedNode, { force: true });
  if (!existsSync(`${packages}/${program}`)) {
    return `there is none for ${process.platform} on ${process.arch}`;
  }
  const { status, error, stderr } = spawnSync(`${packages}/${program}`, ['--version'], {
    encoding: 'utf8',
  });
  if (status !== 0) return error?.message ?? stderr.trim();
  mkdirSync(`${packages}/.bin`, { recursive: true });
  symlinkSync(`../${program}`, pinnedNode);
  return undefined;
}
