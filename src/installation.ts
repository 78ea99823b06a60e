import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { keptFile } from './support/kept-file.ts';

/**
 * The name under which this data folder owns containers: two servers on one Engine with folders of
 * their own never touch each other's. Made once and kept in the folder.
 */
export function installationId(dataDir: string): string {
  return keptFile(join(dataDir, 'installation-id'), () => randomBytes(8).toString('hex'));
}
