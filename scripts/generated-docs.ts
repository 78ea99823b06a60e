/**
 * The pages of docs/ that are made from the code, so that they cannot say anything else.
 * `npm run docs` writes them; test/tidy.test.ts checks that they are current.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isBuilt } from '../src/api/not-built.ts';
import { operations } from '../src/api/operations.ts';
import { usage } from '../src/usage.ts';

/** Path from the project's root, and text, of each page. */
export function generatedDocs(): ReadonlyMap<string, string> {
  return new Map([
    ['docs/api-coverage.md', apiCoverage()],
    ['docs/configuration.md', configuration()],
  ]);
}

function apiCoverage(): string {
  const all = Object.entries(operations).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const built = all.filter(([, handler]) => isBuilt(handler)).map(([name]) => name);
  const missing = all.filter(([, handler]) => !isBuilt(handler)).map(([name]) => name);
  return [
    '# API coverage',
    '',
    '<!-- Made from src/api/operations.ts by `npm run docs`. -->',
    '',
    `Of the ${all.length} operations of Amazon ECS, this release answers ${built.length} as ECS does:`,
    '',
    ...built.map((name) => `- ${name}`),
    '',
    `The other ${missing.length} answer HTTP 400, \`UnsupportedFeatureException\`, and say that they are not implemented:`,
    '',
    ...missing.map((name) => `- ${name}`),
    '',
  ].join('\n');
}

function configuration(): string {
  return [
    '# Configuration',
    '',
    '<!-- Made from src/usage.ts by `npm run docs`. -->',
    '',
    'The command line wins over the environment variable in the last column, which wins over the default.',
    '',
    '```text',
    usage.trimEnd(),
    '```',
    '',
  ].join('\n');
}

if (import.meta.main) {
  const root = join(import.meta.dirname, '..');
  for (const [path, text] of generatedDocs()) writeFileSync(join(root, path), text);
}
