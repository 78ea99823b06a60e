import type { Task } from '../task/task.ts';
import type { ServiceConnectEndpoint, TaskServiceConnect } from './service-connect.ts';

/** What a task shows of Service Connect. The names are ECS's, how values look is [inferred]. */
export function serviceConnectAttachment(
  { lastStatus }: Task,
  { attachmentId, setting }: TaskServiceConnect,
) {
  return {
    id: attachmentId,
    type: 'Service Connect',
    status: lastStatus === 'STOPPED' ? 'DELETED' : 'ATTACHED',
    details: setting.endpoints.flatMap(detailsOf),
  };
}

function detailsOf({
  portName,
  discoveryName,
  dnsName,
  port,
  ingressPortOverride,
}: ServiceConnectEndpoint) {
  return [
    { name: 'portName', value: portName },
    { name: 'discoveryName', value: discoveryName },
    { name: 'clientAliases', value: `${dnsName}:${port}` },
    ...(ingressPortOverride === undefined
      ? []
      : [{ name: 'ingressPortOverride', value: String(ingressPortOverride) }]),
  ];
}
