import type { HealthCheck } from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import type { Given } from '../../../test/fixtures/task-definition-requests.ts';
import {
  contentFor,
  registrationRefusal,
  withContainer,
} from '../../../test/fixtures/task-definition-requests.ts';

test.each([
  { setting: 'interval', least: 5, most: 300 },
  { setting: 'timeout', least: 2, most: 60 },
  { setting: 'retries', least: 1, most: 10 },
  { setting: 'startPeriod', least: 0, most: 300 },
])("a health check's $setting is $least to $most", ({ setting, least, most }) => {
  const refusalOf = (value: number) => registrationRefusal(checked({ [setting]: value }));
  expect(refusalOf(least)).toBeUndefined();
  expect(refusalOf(most)).toBeUndefined();
  expect(refusalOf(most + 1)).toBe(
    `ClientException: Health check ${setting} must be less than or equal to ` +
      `the maximum allowed value ${most} for container 'app'`,
  );
  expect(refusalOf(least - 1)).toBe(
    `ClientException: Health check ${setting} must be greater than or equal to ` +
      `the minimum allowed value ${least} for container 'app'`,
  );
});

test.each([[[]], [['curl', '-f', 'http://localhost']]])(
  'a health check must say how its command runs, which %j does not',
  (command) => {
    expect(registrationRefusal(checked({ command }))).toBe(
      "ClientException: Health check command must start with CMD or CMD-SHELL for container 'app'",
    );
  },
);

test('a health check is shown with its defaults, but no start period', () => {
  const { containerDefinitions } = contentFor(checked({ command: ['CMD-SHELL', 'exit 0'] }));
  expect(containerDefinitions[0]?.healthCheck).toEqual({
    command: ['CMD-SHELL', 'exit 0'],
    interval: 30,
    timeout: 5,
    retries: 3,
  });
});

function checked(given: Partial<HealthCheck>): Given {
  return withContainer({ healthCheck: { command: ['CMD', 'true'], ...given } });
}
