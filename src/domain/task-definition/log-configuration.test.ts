import type { LogConfiguration } from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import type {
  AcceptedCase,
  Given,
  RefusedCase,
} from '../../../test/fixtures/task-definition-requests.ts';
import {
  aContainer,
  contentFor,
  executionRole,
  registrationRefusal,
  withContainer,
  withUntypedContainer,
} from '../../../test/fixtures/task-definition-requests.ts';

const group = { 'awslogs-group': '/ecs/web', 'awslogs-region': 'us-east-1' };
const s3File = 'arn:aws:s3:::bucket/fluent.conf';

test.each<RefusedCase>([
  {
    what: 'an unknown driver',
    given: withUntypedContainer({ logConfiguration: { logDriver: 'etwlogs' } }),
    message:
      'etwlogs is not a valid log driver. Must be one of [awsfirelens,awslogs,fluentd,gelf,' +
      'journald,json-file,splunk,syslog,none]',
  },
  {
    what: 'awslogs without a group',
    given: awslogs({ 'awslogs-region': 'us-east-1' }),
    message: 'Log driver awslogs requires options: awslogs-group',
  },
  {
    what: 'awslogs without options',
    given: withContainer({ logConfiguration: { logDriver: 'awslogs' } }),
    message: 'Log driver awslogs requires options: awslogs-region, awslogs-group',
  },
  {
    what: 'an option that awslogs must not have',
    given: awslogs({ ...group, 'awslogs-endpoint': 'http://localhost' }),
    message: 'Log driver awslogs disallows options: awslogs-endpoint',
  },
  {
    what: 'several options that awslogs must not have',
    given: awslogs({ ...group, 'awslogs-endpoint': 'http://localhost', constructor: 'x' }),
    message: 'Log driver awslogs disallows options: awslogs-endpoint, constructor',
  },
  {
    what: 'a group with a space',
    given: awslogs({ ...group, 'awslogs-group': 'my group' }),
    message: "Log driver awslogs option 'awslogs-group' contains invalid characters.",
  },
  {
    what: 'a stream prefix with a colon',
    given: awslogs({ ...group, 'awslogs-stream-prefix': 'a:b' }),
    message: "Log driver awslogs option 'awslogs-stream-prefix' contains invalid characters.",
  },
  {
    what: 'splunk without options',
    given: withContainer({ logConfiguration: { logDriver: 'splunk' } }),
    message: 'Log driver splunk requires options: splunk-url, splunk-token',
  },
  {
    what: 'FireLens without a log router',
    given: withContainer({ logConfiguration: { logDriver: 'awsfirelens' } }),
    message:
      'When awsfirelens log driver is specified in log configuration, a firelens configuration ' +
      'object must be configured in one of the containers.',
  },
  {
    what: 'two log routers',
    given: {
      containerDefinitions: [
        aContainer({ firelensConfiguration: { type: 'fluentbit' } }),
        aContainer({ name: 'other', firelensConfiguration: { type: 'fluentd' } }),
      ],
    },
    message: 'Only one container in a task definition can have firelensConfiguration.',
  },
  {
    what: 'an unknown log router',
    given: withUntypedContainer({ firelensConfiguration: { type: 'vector' } }),
    message: 'Firelens configuration type should be one of [fluentd,fluentbit]',
  },
  {
    what: 'an unknown place of the configuration of a log router',
    given: router({ 'config-file-type': 'http' }),
    message: 'config-file-type should be one of [s3,file]',
  },
  {
    what: 'a configuration file of a log router that is no object of S3',
    given: router({ 'config-file-type': 's3', 'config-file-value': '/fluent.conf' }),
    message: 'Invalid arn syntax.',
  },
])('RegisterTaskDefinition refuses $what', ({ given, message }) => {
  expect(registrationRefusal(given)).toBe(`ClientException: ${message}`);
});

test.each<AcceptedCase>([
  { what: 'awslogs with a group and a region', given: awslogs(group) },
  {
    what: 'every option of awslogs',
    given: awslogs({
      ...group,
      'awslogs-stream-prefix': 'web',
      'awslogs-create-group': 'true',
      'awslogs-datetime-format': '%Y',
      'awslogs-multiline-pattern': '^x',
      mode: 'non-blocking',
      'max-buffer-size': '1m',
    }),
  },
  {
    what: "splunk's token as a secret",
    given: {
      executionRoleArn: executionRole,
      ...withContainer({
        logConfiguration: {
          logDriver: 'splunk',
          options: { 'splunk-url': 'https://splunk' },
          secretOptions: [{ name: 'splunk-token', valueFrom: 'token' }],
        },
      }),
    },
  },
  {
    what: 'the driver none',
    given: withUntypedContainer({ logConfiguration: { logDriver: 'none' } }),
  },
  {
    what: 'any option of other drivers',
    given: logged({ logDriver: 'gelf', options: { a: 'b' } }),
  },
  {
    what: 'FireLens with a log router',
    given: {
      containerDefinitions: [
        aContainer({ logConfiguration: { logDriver: 'awsfirelens' } }),
        aContainer({ name: 'router', firelensConfiguration: { type: 'fluentbit' } }),
      ],
    },
  },
  {
    what: 'the configuration of a log router in S3',
    given: router({ 'config-file-type': 's3', 'config-file-value': s3File }),
  },
])('RegisterTaskDefinition accepts $what', ({ given }) => {
  expect(registrationRefusal(given)).toBeUndefined();
});

test('a log configuration is shown as given, with no secret options filled in', () => {
  const { containerDefinitions } = contentFor(awslogs(group));
  expect(containerDefinitions[0]?.logConfiguration).toEqual({
    logDriver: 'awslogs',
    options: group,
  });
});

function logged(logConfiguration: LogConfiguration): Given {
  return withContainer({ logConfiguration });
}

function awslogs(options: Record<string, string>): Given {
  return logged({ logDriver: 'awslogs', options });
}

function router(options: Record<string, string>): Given {
  return withContainer({ firelensConfiguration: { type: 'fluentbit', options } });
}
