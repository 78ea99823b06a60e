/**
 * Adds to package-lock.json the platform packages that a registry did not have when the file was
 * written. Some registries carry only part of a tool's platforms; npm then leaves the rest out of
 * the lock file, and `npm ci` refuses that file everywhere. Run it after `npm install`.
 */
import { readFileSync, writeFileSync } from 'node:fs';

type LockEntry = {
  readonly version?: string;
  readonly dev?: boolean | undefined;
  readonly optional?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[] | undefined;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
};
type LockFile = { readonly packages: Record<string, LockEntry> };

const lockPath = new URL('../package-lock.json', import.meta.url);

/** Reads the platform from a name such as `@oxfmt/binding-linux-arm-gnueabihf`. */
function platformOf(name: string): Required<Pick<LockEntry, 'os' | 'cpu' | 'libc'>> | undefined {
  const suffix =
    /(?<os>aix|android|darwin|freebsd|linux|netbsd|openbsd|openharmony|sunos|win32)-(?<cpu>[a-z0-9]+)(?:-(?<abi>[a-z]+))?$/;
  const { os, cpu, abi } = suffix.exec(name)?.groups ?? {};
  if (os === undefined || cpu === undefined) return undefined;
  const libc = os === 'linux' && abi !== undefined ? libcOf(abi) : undefined;
  return { os: [os], cpu: [cpu], libc: libc === undefined ? undefined : [libc] };
}

function libcOf(abi: string): string {
  return abi.startsWith('musl') ? 'musl' : 'glibc';
}

function missingEntries(packages: LockFile['packages']): [path: string, entry: LockEntry][] {
  return Object.values(packages).flatMap((owner) =>
    Object.entries(owner.optionalDependencies ?? {}).flatMap(([name, version]) => {
      const path = `node_modules/${name}`;
      const platform = platformOf(name);
      if (path in packages || platform === undefined) return [];
      const { os, cpu, libc } = platform;
      const entry: LockEntry = { version, cpu, dev: owner.dev, libc, optional: true, os };
      return [[path, entry] satisfies [string, LockEntry]];
    }),
  );
}

const lock: LockFile = JSON.parse(readFileSync(lockPath, 'utf8'));
const missing = missingEntries(lock.packages);
const sorted = Object.entries(lock.packages)
  .concat(missing)
  .toSorted(([one], [other]) => one.localeCompare(other, 'en'));
writeFileSync(
  lockPath,
  `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, null, 2)}\n`,
);
console.log(`${missing.length} platform packages added to package-lock.json.`);
