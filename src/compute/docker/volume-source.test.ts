import type { EFSVolumeConfiguration } from '@aws-sdk/client-ecs';
import { describe, expect, test } from 'vitest';
import { anOrder } from '../../../test/fixtures/an-order.ts';
import type { FileSystem } from '../file-systems.ts';
import { volumeSource } from './volume-source.ts';

const nfs: FileSystem = { kind: 'Nfs', host: 'files.internal', path: '/export' };
const folder: FileSystem = { kind: 'Folder', path: '/srv/files' };
const fileSystems = new Map<string, FileSystem>([
  ['fs-nfs', nfs],
  ['fs-folder', folder],
]);
const storage = { fileSystems, managedVolumes: { deviceOf: (id: string) => id } };
const sourceOf = (volume: Parameters<typeof volumeSource>[1]) =>
  volumeSource(anOrder([{ image: 'nginx' }]), { name: 'data', ...volume }, storage);
const efs = (given: EFSVolumeConfiguration) => sourceOf({ efsVolumeConfiguration: given });

test.each([
  { rootDirectory: undefined, device: ':/export/' },
  { rootDirectory: '/', device: ':/export/' },
  { rootDirectory: '/a/b', device: ':/export/a/b' },
  { rootDirectory: '/../../etc', device: ':/export/etc' },
])('root directory $rootDirectory of an EFS file system is $device of the NFS server', (given) => {
  const { device, rootDirectory } = given;
  const source = efs({ fileSystemId: 'fs-nfs', ...(rootDirectory && { rootDirectory }) });
  expect(source).toMatchObject({
    kind: 'Own',
    volume: {
      Driver: 'local',
      DriverOpts: {
        type: 'nfs',
        device,
        o: expect.stringMatching(/^addr=files.internal,nfsvers=4.1,/),
      },
    },
  });
});

describe('an EFS volume is refused', () => {
  test.each<[string, EFSVolumeConfiguration]>([
    ['no --file-system', { fileSystemId: 'fs-other' }],
    ['access points', { fileSystemId: 'fs-nfs', authorizationConfig: { accessPointId: 'fsap-1' } }],
    ['IAM', { fileSystemId: 'fs-folder', authorizationConfig: { iam: 'ENABLED' } }],
    ['not encrypted', { fileSystemId: 'fs-nfs', transitEncryption: 'ENABLED' }],
    ['mounted whole', { fileSystemId: 'fs-folder', rootDirectory: '/link-to-anywhere' }],
  ])('with a word on %s', (words, given) => {
    expect(efs(given)).toEqual({ kind: 'Refused', reason: expect.stringContaining(words) });
  });
});

test('a folder is not encrypted in transit because nothing leaves the machine', () => {
  const source = efs({ fileSystemId: 'fs-folder', transitEncryption: 'ENABLED' });
  expect(source).toEqual({ kind: 'Folder', path: '/srv/files', isMade: false });
});

test('FSx for Windows and S3 Files are refused', () => {
  const windows = { fileSystemId: 'fs-1', rootDirectory: '/', authorizationConfig: undefined };
  expect(sourceOf({ fsxWindowsFileServerVolumeConfiguration: windows })).toEqual({
    kind: 'Refused',
    reason: expect.stringContaining('is for Windows containers, and this machine runs Linux'),
  });
  expect(sourceOf({ s3filesVolumeConfiguration: { fileSystemArn: 'arn' } }).kind).toBe('Refused');
});

test('a shared Docker volume has the name that the definition gives, another one of its own', () => {
  const shared = sourceOf({ dockerVolumeConfiguration: { scope: 'shared' } });
  expect(shared).toMatchObject({ kind: 'Shared', volume: { Name: 'data' }, isProvisioned: false });
  const own = sourceOf({ dockerVolumeConfiguration: {} });
  expect(own).toMatchObject({ kind: 'Own', volume: { Driver: 'local' } });
  expect(own).not.toMatchObject({ volume: { Name: 'data' } });
});
