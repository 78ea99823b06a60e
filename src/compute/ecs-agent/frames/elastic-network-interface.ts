import { flag, integer, listOf, named, object, oneOf, optional, text } from './frame.ts';

/** The network interface of an `awsvpc` task. Anything that is missing here fails the task. */
export const elasticNetworkInterface = object({
  attachmentArn: optional(text),
  ec2Id: named,
  macAddress: named,
  index: optional(integer),
  name: optional(text),
  ipv4Addresses: optional(listOf(object({ privateAddress: named, primary: optional(flag) }))),
  ipv6Addresses: optional(listOf(object({ address: named, primary: optional(flag) }))),
  /** With its prefix, `10.0.0.1/24`. */
  subnetGatewayIpv4Address: optional(named),
  subnetGatewayIpv6Address: optional(named),
  domainNameServers: optional(listOf(text)),
  domainName: optional(listOf(text)),
  privateDnsName: optional(text),
  interfaceAssociationProtocol: optional(oneOf('default', 'vlan')),
  interfaceVlanProperties: optional(object({ vlanId: text, trunkInterfaceMacAddress: text })),
});
