import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The name under which this data folder owns containers: two servers on one Engine with folders of
 * their own never touch each other's. Made once and kept in the folder.
 */
export function installationId(dataDir: string): string {
  const file = join(dataDir, 'installation-id');
  if (!existsSync(file)) create(dataDir, file);
  return readFileSync(file, 'utf8').trim();
}

/** Linking is all or nothing, and leaves a file that is there already as it is. */
function create(dataDir: string, file: string): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${randomBytes(8).toString('hex')}\n`, { mode: 0o600, flush: true });
  try {
    linkSync(draft, file);
  } catch (error) {
    if (!existsSync(file)) throw error;
  } finally {
    rmSync(draft);
  }
}
