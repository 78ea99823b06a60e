import type { EFSVolumeConfiguration, Volume } from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import type {
  AcceptedCase,
  Given,
  RefusedCase,
} from '../../../test/fixtures/task-definition-requests.ts';
import {
  aContainer,
  contentFor,
  registrationRefusal,
  untyped,
  withContainer,
  withVolume,
} from '../../../test/fixtures/task-definition-requests.ts';

const s3files = { fileSystemArn: 'arn:aws:s3files:us-east-1:123456789012:file-system/fs-1' };

test.each<RefusedCase>([
  {
    what: 'a mount point of an unknown volume',
    given: withContainer({ mountPoints: [{ sourceVolume: 'nope', containerPath: '/data' }] }),
    message: "Unknown volume 'nope'.",
  },
  {
    what: 'a mount point without a path',
    given: {
      volumes: [{ name: 'data' }],
      ...withContainer({ mountPoints: [{ sourceVolume: 'data' }] }),
    },
    message: 'MountPoint.containerPath should not be null or empty.',
  },
  {
    what: 'a volume to be configured at launch that no container mounts',
    given: { volumes: [{ name: 'v', configuredAtLaunch: true }] },
    message: 'Volumes [v] are not referenced by any of the containers',
  },
  {
    what: 'two volumes to be configured at launch',
    given: {
      volumes: [
        { name: 'a', configuredAtLaunch: true },
        { name: 'b', configuredAtLaunch: true },
      ],
    },
    message: 'Only one volume in a task definition can be configured at launch.',
  },
  {
    what: 'a volume of two types',
    given: withVolume({ host: {}, dockerVolumeConfiguration: {} }),
    message:
      'When the volume parameter is specified, ' +
      'only one volume configuration type should be used.',
  },
  {
    what: 'a volume without a name',
    given: { volumes: [{ host: {} }] },
    message: 'Volume.name should not be null or empty.',
  },
  {
    what: 'a volume name with a slash',
    given: { volumes: [{ name: 'a/b' }] },
    message: 'Volume.name contains invalid characters.',
  },
  {
    what: 'two volumes of one name',
    given: { volumes: [{ name: 'data' }, { name: 'data' }] },
    message: 'Volume names must be unique within a task definition',
  },
  {
    what: 'a directory beside an EFS access point',
    given: efs({
      rootDirectory: '/data',
      transitEncryption: 'ENABLED',
      authorizationConfig: { accessPointId: 'fsap-1' },
    }),
    message:
      'When using an EFS access point, the root directory must either be set to "/" ' +
      'or be omitted.',
  },
  {
    what: 'an EFS access point without encryption',
    given: efs({ authorizationConfig: { accessPointId: 'fsap-1' } }),
    message: 'EFS access points require TransitEncryption to be enabled.',
  },
  {
    what: 'IAM for EFS without encryption',
    given: efs({ authorizationConfig: { iam: 'ENABLED' } }),
    message: 'EFS IAM authorization requires TransitEncryption to be enabled.',
  },
  {
    what: 'a port of encryption for EFS without encryption',
    given: efs({ transitEncryptionPort: 2049, transitEncryption: 'DISABLED' }),
    message: 'TransitEncryptionPort requires that TransitEncryption is enabled.',
  },
  {
    what: 'a directory beside an access point of S3 Files',
    given: withVolume({
      s3filesVolumeConfiguration: { ...s3files, rootDirectory: '/d', accessPointArn: 'arn:aws:x' },
    }),
    message:
      'When using an S3 Files access point, the root directory must either be set to "/" ' +
      'or be omitted.',
  },
  {
    what: 'volumes from an unknown container',
    given: withContainer({ volumesFrom: [{ sourceContainer: 'nope' }] }),
    message: "Invalid 'volumesFrom' setting. Unknown container: 'nope'.",
  },
])('RegisterTaskDefinition refuses $what', ({ given, message }) => {
  expect(registrationRefusal(given)).toBe(`ClientException: ${message}`);
});

test.each([
  [
    { dockerVolumeConfiguration: { scope: 'world' } },
    'Docker volume scope should be one of [task,shared]',
  ],
  [
    { efsVolumeConfiguration: { fileSystemId: 'fs-1', transitEncryption: 'YES' } },
    'Transit encryption should be one of [ENABLED,DISABLED]',
  ],
  [
    { efsVolumeConfiguration: { fileSystemId: 'fs-1', authorizationConfig: { iam: 'YES' } } },
    'EFS IAM authorization should be one of [ENABLED,DISABLED]',
  ],
])('RegisterTaskDefinition refuses the volume %j', (volume, message) => {
  expect(registrationRefusal(untyped({ volumes: [{ name: 'data', ...volume }] }))).toBe(
    `ClientException: ${message}`,
  );
});

test.each<AcceptedCase>([
  { what: 'a host volume', given: withVolume({ host: { sourcePath: '/srv' } }) },
  { what: 'a volume configured at launch', given: withVolume({ configuredAtLaunch: true }) },
  { what: 'a volume that nobody mounts', given: { volumes: [{ name: '__proto__' }] } },
  {
    what: 'S3 Files',
    given: withVolume({ s3filesVolumeConfiguration: { ...s3files, rootDirectory: '/' } }),
  },
  {
    what: 'all of EFS',
    given: efs({
      rootDirectory: '/',
      transitEncryption: 'ENABLED',
      transitEncryptionPort: 2049,
      authorizationConfig: { accessPointId: 'fsap-1', iam: 'ENABLED' },
    }),
  },
  {
    what: 'volumes from another container',
    given: {
      containerDefinitions: [
        aContainer({ volumesFrom: [{ sourceContainer: 'other', readOnly: true }] }),
        aContainer({ name: 'other' }),
      ],
    },
  },
])('RegisterTaskDefinition accepts $what', ({ given }) => {
  expect(registrationRefusal(given)).toBeUndefined();
});

test.each<{ given: Omit<Volume, 'name'>; shown: object }>([
  { given: {}, shown: { host: {} } },
  { given: { host: { sourcePath: '/srv' } }, shown: { host: { sourcePath: '/srv' } } },
  { given: { configuredAtLaunch: true }, shown: { configuredAtLaunch: true } },
  {
    given: { efsVolumeConfiguration: { fileSystemId: 'fs-1' } },
    shown: { efsVolumeConfiguration: { fileSystemId: 'fs-1', rootDirectory: '/' } },
  },
  {
    given: { dockerVolumeConfiguration: {} },
    shown: { dockerVolumeConfiguration: { scope: 'task', driver: 'local' } },
  },
])('the volume $given is shown as $shown', ({ given, shown }) => {
  expect(contentFor(withVolume(given)).volumes).toEqual([{ name: 'data', ...shown }]);
});

function efs(given: Partial<EFSVolumeConfiguration>): Given {
  return withVolume({ efsVolumeConfiguration: { fileSystemId: 'fs-1', ...given } });
}
