import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { generatedDocs } from '../scripts/generated-docs.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const thisFile = relative(root, fileURLToPath(import.meta.url));

const ignored = readFileSync(join(root, '.gitignore'), 'utf8').split('\n').filter(Boolean);
const files = projectFiles().filter((path) => path !== thisFile);
const sources = files.filter((path) => /\.(?:ts|tsx|mjs)$/.test(path));
const pages = files.filter((path) => extname(path) === '.md');
const texts = files.filter((path) => !/\.(?:png|jpg|svg|ico|woff2|gz|db)$/.test(path));

/** The files that git knows; without git, all but what .gitignore names as `name/` or `*.ext`. */
function projectFiles(): string[] {
  const git = spawnSync('git', ['ls-files', '--cached', '-z'], { cwd: root, encoding: 'utf8' });
  if (git.status !== 0) return filesBelow('');
  return git.stdout.split('\0').filter((path) => path !== '' && existsSync(join(root, path)));
}

function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.name === '.git' || isIgnored(path)) return [];
    if (entry.isDirectory()) return filesBelow(path);
    return entry.isFile() ? [path] : [];
  });
}

function isIgnored(path: string): boolean {
  return ignored.some((pattern) => {
    if (pattern.startsWith('*')) return path.endsWith(pattern.slice(1));
    const folder = pattern.replace(/\/$/, '');
    return folder.includes('/') ? path === folder : basename(path) === folder;
  });
}

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** Every line of these files that matches, as `path:line: text`. */
function linesMatching(paths: readonly string[], pattern: RegExp): string[] {
  return paths.flatMap((path) =>
    read(path)
      .split('\n')
      .flatMap((line, index) =>
        pattern.test(line) ? [`${path}:${index + 1}: ${line.trim().slice(0, 120)}`] : [],
      ),
  );
}

test('no source file is longer than 400 lines', () => {
  const long = sources.filter((path) => read(path).trimEnd().split('\n').length > 400);
  expect(long).toEqual([]);
});

test('files and folders of the sources have kebab-case names', () => {
  const kebabCase = /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.(?:test|config|d))?\.(?:ts|tsx|mjs)$/;
  const folder = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
  const named = sources.filter((path) => {
    const folders = dirname(path) === '.' ? [] : dirname(path).split('/');
    return !kebabCase.test(basename(path)) || !folders.every((name) => folder.test(name));
  });
  expect(named).toEqual([]);
});

test('no name stands for a heap of leftovers', () => {
  const heap = /(?:^|\/)(?:utils?|helpers?|common|shared|types|misc)(?:\/|\.[a-z.]+$)/;
  expect(files.filter((path) => heap.test(path))).toEqual([]);
});

test('nothing depends on the machine of its author', () => {
  const homes = /(?:^|[\s'"`(=:])(?:\/home\/|\/Users\/|\/root\/(?!:)|\/work\/|[A-Z]:\\Users\\)/;
  expect(linesMatching(texts, homes)).toEqual([]);
});

test('no package registry is named', () => {
  const registries =
    /registry\.(?:npmjs|yarnpkg)|npmmirror|registry-1\.docker|index\.docker\.io|deb\.debian\.org/;
  expect(linesMatching(texts, registries)).toEqual([]);
});

test('the lock file knows every platform that a package is built for', () => {
  const { packages }: LockFile = JSON.parse(read('package-lock.json'));
  const missing = Object.entries(packages).flatMap(([owner, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter(
      (name) =>
        !(`node_modules/${name}` in packages) && !(`${owner}/node_modules/${name}` in packages),
    ),
  );
  expect(missing, 'run: node scripts/complete-lockfile.ts').toEqual([]);
});

test('every install script of a dependency is allowed or denied by name', () => {
  const { packages }: LockFile = JSON.parse(read('package-lock.json'));
  const { allowScripts }: { allowScripts: Readonly<Record<string, boolean>> } = JSON.parse(
    read('package.json'),
  );
  const undecided = Object.entries(packages)
    .filter(([, { hasInstallScript }]) => hasInstallScript)
    .map(([path]) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length))
    .filter((name) => !(name in allowScripts));
  expect(undecided).toEqual([]);
});

type LockFile = {
  readonly packages: Readonly<
    Record<
      string,
      {
        readonly hasInstallScript?: boolean;
        readonly optionalDependencies?: Readonly<Record<string, string>>;
      }
    >
  >;
};

test('what is left to do has the number of an issue', () => {
  const comments = /(?:\/\/|\*|#|<!--)\s*(?:TODO|FIXME|XXX|HACK)\b(?!\(#\d+\))/;
  expect(linesMatching(texts, comments)).toEqual([]);
});

test('every test runs: none is skipped, and none runs alone', () => {
  const tests = sources.filter((path) => /(?:^test\/|\.test\.ts$)/.test(path));
  expect(linesMatching(tests, /\b(?:test|it|describe|suite)\.(?:only|skip|todo)\b/)).toEqual([]);
});

test('relative links of the pages lead somewhere', () => {
  const link = /\]\((?!https?:|mailto:|#)(?<target>[^)\s#]+)(?:#[^)]*)?\)/g;
  const broken = pages.flatMap((page) =>
    [...read(page).matchAll(link)]
      .map(({ groups }) => groups?.['target'] ?? '')
      .filter((target) => !existsSync(join(root, dirname(page), target)))
      .map((target) => `${page}: ${target}`),
  );
  expect(broken).toEqual([]);
});

test.each([...generatedDocs()])('%s is what the code says', (path, text) => {
  expect(read(path)).toBe(text);
});
