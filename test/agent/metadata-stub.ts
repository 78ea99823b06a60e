import { createServer, type Server } from 'node:http';
import { openOnLoopback } from '../fixtures/loopback.ts';

const macAddress = '0a:00:00:00:00:01';
const networkInterface = `/latest/meta-data/network/interfaces/macs/${macAddress}`;

/** EC2's metadata of an instance, as far as the official agent asks for it: with it the agent takes itself for one on EC2. */
export async function startMetadata(instanceId: string): Promise<Server> {
  const identity = {
    accountId: '012345678910',
    availabilityZone: 'us-east-1b',
    imageId: 'ami-0123456789abcdef0',
    instanceId,
    instanceType: 'c5.large',
    region: 'us-east-1',
  };
  const answers = new Map([
    ['/latest/api/token', 'token'],
    ['/latest/meta-data/mac', macAddress],
    ['/latest/meta-data/instance-id', instanceId],
    ['/latest/meta-data/placement/availability-zone-id', 'use1-az2'],
    [`${networkInterface}/vpc-id`, 'vpc-1'],
    [`${networkInterface}/subnet-id`, 'subnet-1'],
    ['/latest/dynamic/instance-identity/document', JSON.stringify(identity)],
    ['/latest/dynamic/instance-identity/signature', 'signature'],
  ]);
  const server = createServer((request, response) => {
    const answer = answers.get((request.url ?? '').replace(/\/$/, ''));
    if (request.method === 'PUT') response.setHeader('x-aws-ec2-metadata-token-ttl-seconds', '600');
    response.statusCode = answer === undefined ? 404 : 200;
    response.end(answer);
  });
  await openOnLoopback(server);
  return server;
}
