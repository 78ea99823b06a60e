/** A table of nftables, as the kernel is told of it: the messages of one transaction of netlink. */

const requestFlag = 1;
const acknowledgeFlag = 4;
const createFlag = 0x400;
const appendFlag = 0x800;
const nfTables = 10;
const nestedFlag = 0x8000;
const ipv4 = 2;

const message = { begin: 0x10, end: 0x11, newTable: 0, deleteTable: 2, newChain: 3, newRule: 6 };
/** NF_INET_LOCAL_OUT, and the priority of translation of destinations. */
const localOut = 3;
const destinationPriority = -100;
const tcp = 6;
const firstRegister = number32(1);

/**
 * All connections of the network namespace to 127.255.0.0/16 go to a port of the same address. What there was before
 * of the same name is replaced; the kernel acknowledges the last message, or says what is wrong with another.
 */
export function redirectRules(port: number): Buffer {
  const table = text('longshore-connect');
  const chain = text('egress');
  return Buffer.concat([
    batch(message.begin),
    change(message.newTable, createFlag, [attribute(1, table)]),
    change(message.deleteTable, 0, [attribute(1, table)]),
    change(message.newTable, createFlag, [attribute(1, table)]),
    change(message.newChain, createFlag, [
      attribute(1, table),
      attribute(3, chain),
      nested(4, [attribute(1, number32(localOut)), attribute(2, number32(destinationPriority))]),
      attribute(7, text('nat')),
    ]),
    change(message.newRule, createFlag + appendFlag + acknowledgeFlag, [
      attribute(1, table),
      attribute(2, chain),
      nested(4, expressions(port)),
    ]),
    batch(message.end),
  ]);
}

/** ip daddr 127.255.0.0/16 meta l4proto tcp dnat to :port */
function expressions(port: number): readonly Buffer[] {
  const networkHeader = 1;
  const destinationOffset = 16;
  const protocolKey = 16;
  const destinationNat = 1;
  return [
    expression('payload', [
      attribute(1, firstRegister),
      attribute(2, number32(networkHeader)),
      attribute(3, number32(destinationOffset)),
      attribute(4, number32(2)),
    ]),
    equals(Buffer.from([127, 255])),
    expression('meta', [attribute(1, firstRegister), attribute(2, number32(protocolKey))]),
    equals(Buffer.from([tcp])),
    expression('immediate', [
      attribute(1, firstRegister),
      nested(2, [attribute(1, number16(port))]),
    ]),
    expression('nat', [
      attribute(1, number32(destinationNat)),
      attribute(2, number32(ipv4)),
      attribute(5, firstRegister),
    ]),
  ];
}

function equals(value: Buffer): Buffer {
  return expression('cmp', [
    attribute(1, firstRegister),
    attribute(2, number32(0)),
    nested(3, [attribute(1, value)]),
  ]);
}

function expression(name: string, data: readonly Buffer[]): Buffer {
  return nested(1, [attribute(1, text(name)), nested(2, data)]);
}

function batch(type: number): Buffer {
  return netlink({ type, flags: requestFlag, family: 0, resource: nfTables }, []);
}

function change(type: number, flags: number, attributes: readonly Buffer[]): Buffer {
  const head = { type: nfTables * 256 + type, flags: requestFlag + flags, family: ipv4 };
  return netlink({ ...head, resource: 0 }, attributes);
}

interface Head {
  readonly type: number;
  readonly flags: number;
  readonly family: number;
  readonly resource: number;
}

/** struct nlmsghdr, struct nfgenmsg, attributes. */
function netlink(head: Head, attributes: readonly Buffer[]): Buffer {
  const body = Buffer.concat(attributes);
  const header = Buffer.alloc(20);
  header.writeUInt32LE(header.length + body.length, 0);
  header.writeUInt16LE(head.type, 4);
  header.writeUInt16LE(head.flags, 6);
  header.writeUInt8(head.family, 16);
  header.writeUInt16BE(head.resource, 18);
  return Buffer.concat([header, body]);
}

function nested(type: number, attributes: readonly Buffer[]): Buffer {
  return attribute(type + nestedFlag, Buffer.concat(attributes));
}

/** struct nlattr; the next begins at a multiple of four bytes. */
function attribute(type: number, value: Buffer): Buffer {
  const header = Buffer.alloc(4);
  header.writeUInt16LE(header.length + value.length, 0);
  header.writeUInt16LE(type, 2);
  return Buffer.concat([header, value, Buffer.alloc((4 - (value.length % 4)) % 4)]);
}

function text(value: string): Buffer {
  return Buffer.from(`${value}\0`);
}

function number32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function number16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}
