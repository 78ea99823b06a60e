/**
 * Links node_modules/.bin/node to the pinned Node of this platform. npm makes that link itself, but
 * npm 10 removes it again together with the packages of the other platforms, which bear the same
 * command. Runs after each install (`prepare`), and before a start that finds no link.
 */
import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const prefix = process.platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node';
const program = `${prefix}-${process.platform}-${process.arch}/bin/node`;
const packages = fileURLToPath(new URL('../node_modules', import.meta.url));

if (existsSync(`${packages}/${program}`)) {
  mkdirSync(`${packages}/.bin`, { recursive: true });
  rmSync(`${packages}/.bin/node`, { force: true });
  symlinkSync(`../${program}`, `${packages}/.bin/node`);
}
