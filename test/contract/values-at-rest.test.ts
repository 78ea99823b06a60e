import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { SSM } from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { fileKey, memoryKey, Vault } from '../../src/support/vault.ts';
import { newFolder, startTestServer } from './server.ts';

const value = 'correct horse battery staple';
let folder: string;
let remove: () => Promise<void>;
beforeEach(async () => {
  ({ folder, remove } = await newFolder());
});
afterEach(() => remove());

const keyFile = () => join(folder, 'secrets.key');

async function start(vault = new Vault(fileKey(keyFile()))) {
  const store = await openSqliteStore(folder);
  return startTestServer({ store, vault }).catch(async (error: unknown) => {
    await store.close();
    throw error;
  });
}

function clients(endpoint: string) {
  const credentials = { accessKeyId: '123456789012', secretAccessKey: 'secret' };
  const setting = { endpoint, region: 'us-east-1', credentials, maxAttempts: 1 };
  return { ssm: new SSM(setting), secrets: new SecretsManager(setting) };
}

async function putAll(url: string): Promise<void> {
  const { ssm, secrets } = clients(url);
  await ssm.putParameter({ Name: 'plain', Type: 'String', Value: value });
  await ssm.putParameter({ Name: 'secure', Type: 'SecureString', Value: value });
  await secrets.createSecret({ Name: 'text', SecretString: value });
  await secrets.createSecret({ Name: 'bytes', SecretBinary: Buffer.from(value) });
}

test('No value is in the clear in the data folder, the log, the metrics or the events', async () => {
  const server = await start();
  await putAll(server.url);
  const { ssm, secrets } = clients(server.url);
  const told: unknown[] = [server.errors];
  const refused = [
    ssm.putParameter({ Name: 'plain', Type: 'String', Value: value }).catch(String),
    ssm.putParameter({ Name: 'a b', Type: 'String', Value: value }).catch(String),
    secrets.createSecret({ Name: 'text', SecretString: value }).catch(String),
  ];
  told.push(await Promise.all(refused));
  for (const path of ['/metrics', '/longshore/events']) {
    told.push(await (await fetch(`${server.url}${path}`)).text());
  }
  await server.close();
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));
  const all = [JSON.stringify(told), ...files].join('\n');
  expect(files.join('')).toContain('parameter/secure');
  expect(all).not.toContain(value);
  expect(all).not.toContain(Buffer.from(value).toString('base64'));
});

test('Values are read again after a restart', async () => {
  const former = await start();
  await putAll(former.url);
  await former.close();
  await using server = await start();
  const { ssm, secrets } = clients(server.url);
  const { Parameter } = await ssm.getParameter({ Name: 'secure', WithDecryption: true });
  expect(Parameter?.Value).toBe(value);
  expect((await secrets.getSecretValue({ SecretId: 'text' })).SecretString).toBe(value);
  const { SecretBinary = [] } = await secrets.getSecretValue({ SecretId: 'bytes' });
  expect(Buffer.from(SecretBinary).toString()).toBe(value);
});

test('A server with another key, or without one, does not start', async () => {
  const former = await start();
  await putAll(former.url);
  await former.close();
  await expect(start(new Vault(memoryKey()))).rejects.toThrow(/but memory holds the key \w{16}/);
  rmSync(keyFile());
  await expect(start()).rejects.toThrow(/but there is no key in .*secrets\.key\. Put it back/);
});
