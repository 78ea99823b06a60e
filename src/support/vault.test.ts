import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fileKey, memoryKey, Vault, VaultError } from './vault.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'longshore-vault-'));
  file = join(folder, 'secrets.key');
});
afterEach(() => rmSync(folder, { recursive: true }));

test('what is sealed opens again, and never looks the same', () => {
  const vault = new Vault(memoryKey());
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string(), (value, context) => {
      const sealed = vault.seal(value, context);
      expect(vault.open(sealed, context)).toBe(value);
      expect(vault.seal(value, context)).not.toBe(sealed);
    }),
  );
});

test('a value opens neither as that of another, nor changed', () => {
  const vault = new Vault(memoryKey());
  const sealed = vault.seal('hunter2', 'mine');
  expect(() => vault.open(sealed, 'yours')).toThrow(VaultError);
  expect(() => vault.open(`${sealed.slice(0, -2)}AA`, 'mine')).toThrow(VaultError);
  expect(() => vault.open(sealed.slice(0, 30), 'mine')).toThrow(VaultError);
});

test('the key is made with the first value, for its owner alone, and found again', () => {
  const vault = new Vault(fileKey(file));
  expect(readdirSync(folder)).toEqual([]);
  const sealed = vault.seal('hunter2', 'mine');
  expect(readdirSync(folder)).toEqual(['secrets.key']);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(sealed).not.toContain(readFileSync(file, 'utf8').trim());
  expect(new Vault(fileKey(file)).open(sealed, 'mine')).toBe('hunter2');
});

test('a missing, a wrong and a broken key are told apart', () => {
  const sealed = new Vault(memoryKey()).seal('hunter2', 'mine');
  expect(() => new Vault(fileKey(file)).check(sealed)).toThrow(/there is no key in .*secrets\.key/);
  new Vault(fileKey(file)).seal('', '');
  expect(() => new Vault(fileKey(file)).check(sealed)).toThrow(
    /secrets\.key holds the key \w{16}\./,
  );
  writeFileSync(file, 'no key');
  expect(() => new Vault(fileKey(file)).check(sealed)).toThrow(/secrets\.key holds no key/);
});
