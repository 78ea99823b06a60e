import { expect, test } from 'vitest';
import {
  contentFor,
  executionRole,
  refusalOf,
  untyped,
  withUntypedContainer,
} from '../../../test/fixtures/task-definition-requests.ts';

const fsx = 'fsxWindowsFileServerVolumeConfiguration';

test.each([
  ['ContainerDependency.condition', { dependsOn: [{ containerName: 'app' }] }],
  ['HostEntry.hostname', { extraHosts: [{ ipAddress: '10.0.0.1' }] }],
  ['HostEntry.ipAddress', { extraHosts: [{ hostname: 'db', ipAddress: '' }] }],
  ['EnvironmentFile.type', { environmentFiles: [{ value: 'arn:aws:s3:::bucket/a.env' }] }],
  ['Device.hostPath', { linuxParameters: { devices: [{ containerPath: '/dev/fuse' }] } }],
  ['SystemControl.value', { systemControls: [{ namespace: 'net.core.somaxconn' }] }],
  ['Ulimit.softLimit', { ulimits: [{ name: 'nofile', hardLimit: 1 }] }],
  ['Ulimit.hardLimit', { ulimits: [{ name: 'nofile', softLimit: 0 }] }],
  ['FirelensConfiguration.type', { firelensConfiguration: {} }],
  ['RepositoryCredentials.credentialsParameter', { repositoryCredentials: {} }],
  ['ContainerRestartPolicy.enabled', { restartPolicy: { restartAttemptPeriod: 60 } }],
])('a container without %s is refused', (member, given) => {
  expect(refusalOf(() => contentFor(withUntypedContainer(given)))).toBe(
    `ClientException: ${member} should not be null or empty.`,
  );
});

test.each([
  ['EFSVolumeConfiguration.fileSystemId', { efsVolumeConfiguration: { rootDirectory: '/' } }],
  ['S3FilesVolumeConfiguration.fileSystemArn', { s3filesVolumeConfiguration: {} }],
  ['FSxWindowsFileServerVolumeConfiguration.fileSystemId', { [fsx]: {} }],
  [
    'FSxWindowsFileServerVolumeConfiguration.authorizationConfig',
    { [fsx]: { fileSystemId: 'fs-1', rootDirectory: '\\data' } },
  ],
  [
    'FSxWindowsFileServerAuthorizationConfig.domain',
    {
      [fsx]: {
        fileSystemId: 'fs-1',
        rootDirectory: '\\data',
        authorizationConfig: { credentialsParameter: 'secret' },
      },
    },
  ],
])('a volume without %s is refused', (member, given) => {
  const volumes = [{ name: 'data', ...given }];
  expect(refusalOf(() => contentFor(untyped({ volumes })))).toBe(
    `ClientException: ${member} should not be null or empty.`,
  );
});

test('storage without its size is refused', () => {
  expect(refusalOf(() => contentFor(untyped({ ephemeralStorage: {} })))).toBe(
    'ClientException: EphemeralStorage.sizeInGiB should not be null or empty.',
  );
});

test('what is false or zero is given all the same', () => {
  const restartPolicy = { enabled: false };
  const ulimits = [{ name: 'core', softLimit: 0, hardLimit: 0 }];
  const { containerDefinitions } = contentFor({
    ...withUntypedContainer({ restartPolicy, ulimits }),
    executionRoleArn: executionRole,
  });
  expect(containerDefinitions).toMatchObject([{ restartPolicy, ulimits }]);
});
