import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aptGet, hasApt, isRoot } from './apt.ts';
import { runCommand } from './run-command.ts';
import { type Progress, SetupError } from './steps.ts';

export type Busybox = {
  /** The program itself. */
  readonly data: Buffer;
  /** The commands that it can be called as. */
  readonly applets: readonly string[];
};

const usualPlaces = ['/bin/busybox', '/usr/bin/busybox', '/usr/local/bin/busybox'];

/** Finds a busybox that needs no libraries, or gets Debian's without installing it. */
export async function staticBusybox(progress: Progress): Promise<Busybox> {
  for (const path of usualPlaces) {
    const busybox = await readStatic(path);
    if (busybox !== undefined) return busybox;
  }
  if (hasApt()) return downloadBusybox(progress);
  throw new SetupError(
    "The image is made from a statically linked busybox: install one (Debian's busybox-static, or " +
      'busybox on Alpine and Arch) and run this again.',
  );
}

/** Unpacks Debian's package beside the system, as installing it would replace another busybox. */
async function downloadBusybox(progress: Progress): Promise<Busybox> {
  const folder = mkdtempSync(join(tmpdir(), 'longshore-busybox-'));
  try {
    progress('getting busybox-static with apt-get download');
    await download(folder);
    const archive = readdirSync(folder).find((name) => name.endsWith('.deb'));
    if (archive !== undefined) {
      await runCommand('dpkg-deb', ['--extract', join(folder, archive), folder]);
    }
    const busybox =
      (await readStatic(join(folder, 'bin/busybox'))) ??
      (await readStatic(join(folder, 'usr/bin/busybox')));
    if (busybox !== undefined) return busybox;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  throw new SetupError(
    "apt-get could not download busybox-static: run 'apt-get install busybox-static' as root.",
  );
}

async function download(folder: string): Promise<void> {
  const command = `cd "$1" && apt-get download busybox-static`;
  const { isSuccess } = await runCommand('sh', ['-c', command, 'sh', folder]);
  if (isSuccess || !isRoot()) return;
  // A machine that never updated its package lists knows no packages.
  await aptGet('update');
  await runCommand('sh', ['-c', command, 'sh', folder]);
}

async function readStatic(path: string): Promise<Busybox | undefined> {
  const { isSuccess, output } = await runCommand(path, ['--list']);
  if (!isSuccess) return undefined;
  const data = readFileSync(path);
  if (!isStatic(data)) return undefined;
  return { data, applets: output.trim().split('\n') };
}

const elf64Magic = Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2]);
const interpreterHeader = 3;

/** Says whether this is a 64-bit ELF program that names no loader: an empty image has none. */
function isStatic(data: Buffer): boolean {
  if (!data.subarray(0, elf64Magic.length).equals(elf64Magic)) return false;
  const offset = Number(data.readBigUInt64LE(0x20));
  const size = data.readUInt16LE(0x36);
  const headers = Array.from({ length: data.readUInt16LE(0x38) }, (_, index) => index);
  return headers.every((index) => data.readUInt32LE(offset + index * size) !== interpreterHeader);
}
