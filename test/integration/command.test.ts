import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openOnLoopback } from '../fixtures/loopback.ts';

const main = join(import.meta.dirname, '../../src/main.ts');
const folder = mkdtempSync(join(tmpdir(), 'longshore-command-'));
const occupant = createServer();
let occupied: string;

beforeAll(async () => {
  occupied = new URL(await openOnLoopback(occupant)).host;
  writeFileSync(join(folder, 'file'), '');
});
afterAll(() => {
  occupant.close();
  rmSync(folder, { recursive: true });
});

/** What a start that fails says, and the code with which it ends. */
function refusal(...options: readonly string[]): Promise<{ code: unknown; said: string }> {
  const given = ['--listen', '127.0.0.1:0', '--data', join(folder, 'data'), ...options];
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...given], { timeout: 60_000 }, (error, _, said) => {
      resolve({ code: error?.code, said });
    });
  });
}

test.each([
  [['--listen', '0.0.0.0:0'], /^longshore: Listening on 0\.0\.0\.0 would let anyone in.*\n$/],
  [['--engine', 'nonsense'], /^longshore: --engine nonsense: The URL of a Docker Engine .*\n$/],
  [['--engine', 'foo://bar'], /^longshore: --engine foo:\/\/bar: The URL of a Docker Engine .*\n$/],
  [
    ['--engine', 'unix:///a', '--engine', 'unix:///b'],
    /^longshore: --engine .*: Exactly one .*\n$/,
  ],
  [['--credentials', '/no/such/file'], /^longshore: --credentials \/no\/such\/file: ENOENT.*\n$/],
  [
    ['--aws-endpoint', 'ssm=ftp://127.0.0.1'],
    /^longshore: --aws-endpoint takes SERVICE=URL.*, but was ssm=ftp:.*\n$/,
  ],
  [['--aws-endpoint', 'sqs=http://127.0.0.1'], /^longshore: --aws-endpoint takes SERVICE=URL.*\n$/],
  [['--container-instance', 'no name'], /^longshore: --container-instance takes the name or .*\n$/],
  [['--publish', 'localhost'], /^longshore: --publish takes an IP address.*\n$/],
])('%j is refused in one line', async (options, words) => {
  const { code, said } = await refusal(...options);
  expect(said).toMatch(words);
  expect(code).toBe(2);
});

test('a port that is taken, or an address that is not there, is told of in one line', async () => {
  expect(await refusal('--listen', occupied)).toEqual({
    code: 1,
    said: `longshore: Cannot listen on ${occupied}: another program listens there already.\n`,
  });
  writeFileSync(
    join(folder, 'credentials'),
    '{"credentials":[{"accessKeyId":"A","secretAccessKey":"S","accountId":"111122223333"}]}',
  );
  const elsewhere = ['--listen', '192.0.2.1:0', '--credentials', join(folder, 'credentials')];
  expect(await refusal(...elsewhere)).toEqual({
    code: 1,
    said: 'longshore: Cannot listen on 192.0.2.1:0: this machine has no such address.\n',
  });
});

test('a data folder that cannot be one is told of in one line', async () => {
  const file = join(folder, 'file');
  for (const path of [file, join(file, 'below'), '/proc/longshore']) {
    const { code, said } = await refusal('--data', path);
    expect(said).toMatch(/^longshore: .*(EEXIST|ENOTDIR|ENOENT).*\n$/);
    expect(said).toContain(path);
    expect(code).toBe(1);
  }
});

test('explain is a command of its own, and says so when there is no server', async () => {
  const gone = createServer();
  const url = await openOnLoopback(gone);
  await new Promise((resolve) => gone.close(resolve));
  const said = await new Promise<string>((resolve) => {
    const args = [main, 'explain', 'shop', '--endpoint', url];
    execFile(process.execPath, args, { timeout: 60_000 }, (error, output, text) => {
      resolve(`${String(error?.code)} ${output}${text}`);
    });
  });
  expect(said).toMatch(/^1 There is no server at http:\/\/127\.0\.0\.1:\d+: .*ECONNREFUSED.*\n$/);
});

test.each([
  [['--net-raw', 'yes'], /^longshore: --net-raw takes on or off, but was yes\n/],
  [['--warm-networks', '501'], /^longshore: --warm-networks takes a number from 0 to 500.*\n$/],
  [['--dns', '0.0.0.0:53'], /^longshore: --dns takes one IP address of this machine.*\n$/],
  [['--dns', '169.254.169.254:53'], /^longshore: --dns takes one IP address.*\n$/],
  [['--history', '0'], /^longshore: --history takes a number of days.*\n$/],
  [['--event-source', 'a b'], /^longshore: --event-source takes a name.*\n$/],
])('%j is refused, too', async (options, words) => {
  expect((await refusal(...options)).said).toMatch(words);
});
