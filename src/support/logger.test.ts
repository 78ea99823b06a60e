import { expect, test } from 'vitest';
import { createLogger } from './logger.ts';

function openLogger() {
  const lines: Record<string, unknown>[] = [];
  const logger = createLogger({ write: (line) => void lines.push(JSON.parse(line)) });
  return { logger, lines };
}

test('a line has a level, a time, its message and its fields', () => {
  const { logger, lines } = openLogger();
  logger.info({ requestId: '1' }, 'request answered');
  logger.warn({}, 'engine unreachable');
  const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  expect(lines).toEqual([
    { level: 'info', time, requestId: '1', msg: 'request answered' },
    { level: 'warn', time, msg: 'engine unreachable' },
  ]);
});

test('an error is written with its type, message, stack and cause', () => {
  const { logger, lines } = openLogger();
  const cause = new Error('disk full');
  logger.error({ error: new TypeError('no task', { cause }) }, 'controller failed');
  expect(lines[0]).toMatchObject({
    level: 'error',
    error: {
      type: 'TypeError',
      message: expect.stringContaining('no task'),
      stack: expect.stringContaining('caused by: Error: disk full'),
    },
  });
});

test('secrets do not reach the log, neither on the line nor one level down', () => {
  const { logger, lines } = openLogger();
  const secrets = {
    authorization: 'AWS4-HMAC-SHA256 hush',
    Authorization: 'AWS4-HMAC-SHA256 hush',
    credentials: { any: 'hush' },
    password: 'hush',
    secretAccessKey: 'hush',
    sessionToken: 'hush',
    token: 'hush',
    'x-amz-security-token': 'hush',
  };
  logger.info({ ...secrets, headers: secrets, host: 'example' }, 'request refused');
  expect(JSON.stringify(lines)).not.toContain('hush');
  expect(lines[0]).toMatchObject({ host: 'example', headers: { token: '[Redacted]' } });
});
