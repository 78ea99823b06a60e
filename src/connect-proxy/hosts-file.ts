import { appendFileSync, existsSync, readFileSync } from 'node:fs';

/** Adds the lines of a file, where there is one, to a hosts file that has not all of them yet. */
export function addHosts(linesPath: string, hostsPath: string): void {
  if (!existsSync(linesPath)) return;
  const text = readFileSync(hostsPath, 'utf8');
  const known = new Set(text.split('\n'));
  const missing = readFileSync(linesPath, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !known.has(line));
  if (missing.length === 0) return;
  const open = text === '' || text.endsWith('\n') ? '' : '\n';
  appendFileSync(hostsPath, `${open}${missing.join('\n')}\n`);
}
