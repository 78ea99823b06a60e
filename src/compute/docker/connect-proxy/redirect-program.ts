import { proxyEgressPort } from '../../../domain/service-connect/proxy-config.ts';
import {
  bytes32,
  elfHeaders,
  headerBytes,
  loadAddress,
  type PauseArchitecture,
} from '../pause-image.ts';
import { redirectRules } from './redirect-rules.ts';

/**
 * The program that becomes the proxy, after it has had connections to aliases redirected to it. Like that of the pause
 * containers it is so small that it is written down here as machine code; Node cannot speak netlink, and an image
 * has no tool for it.
 *
 *     fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER)
 *     sendto(fd, rules); recvfrom(fd, answer, MSG_DONTWAIT)
 *     if (anything failed, or the answer is an error) argv[argc - 1] = NULL
 *     prctl(PR_CAPBSET_DROP, CAP_NET_ADMIN)
 *     execve(argv[1], &argv[1], envp)
 *     exit_group(127)
 *
 * The last argument tells the proxy that it was done; without it the proxy listens on the aliases' own ports.
 */
export function redirectProgram(architecture: PauseArchitecture): Buffer {
  const rules = redirectRules(proxyEgressPort);
  const codeOf = machineCode[architecture];
  const codeBytes = codeOf(0, 0).length;
  const code = codeOf(loadAddress + headerBytes + codeBytes, rules.length);
  const size = headerBytes + codeBytes + rules.length;
  return Buffer.concat([elfHeaders(architecture, size), code, rules]);
}

const machineCode = { amd64: amd64Code, arm64: arm64Code };

const netlinkSocket = { family: 16, type: 0x80003, protocol: 12 };
const answerBytes = 4_096;
/** struct nlmsghdr, and the error number of an acknowledgement behind it. */
const errorOffset = 16;
const doNotWait = 0x40;
const dropFromBounds = 24;
const capNetAdmin = 12;
const cannotExecute = 127;

function amd64Code(rulesAddress: number, rulesBytes: number): Buffer {
  const syscall = [0x0f, 0x05];
  const eax = (value: number) => [0xb8, ...bytes32(value)];
  const edi = (value: number) => [0xbf, ...bytes32(value)];
  const esi = (value: number) => [0xbe, ...bytes32(value)];
  const edx = (value: number) => [0xba, ...bytes32(value)];
  const r10d = (value: number) => [0x41, 0xba, ...bytes32(value)];
  const clearR8 = [0x45, 0x31, 0xc0];
  const clearR9 = [0x45, 0x31, 0xc9];
  const testEax = [0x85, 0xc0];
  const ediFromR12d = [0x44, 0x89, 0xe7];

  // mov rax, [rbx]; mov qword [rbx + rax * 8], 0
  const fail = [0x48, 0x8b, 0x03, 0x48, 0xc7, 0x04, 0xc3, 0, 0, 0, 0];
  const become = [
    [eax(157), edi(dropFromBounds), esi(capNetAdmin), syscall],
    // mov rdi, [rbx + 16]; lea rsi, [rbx + 16]; mov rdx, [rbx]; lea rdx, [rbx + rdx * 8 + 16]
    [eax(59), [0x48, 0x8b, 0x7b, 16], [0x48, 0x8d, 0x73, 16]],
    [[0x48, 0x8b, 0x13], [0x48, 0x8d, 0x54, 0xd3, 16], syscall],
    [eax(231), edi(cannotExecute), syscall],
  ].flat(2);
  const { family, type, protocol } = netlinkSocket;
  const noAddress = [clearR8, clearR9];
  const movRbxRsp = [0x48, 0x89, 0xe3];
  const movR12dEax = [0x41, 0x89, 0xc4];
  const movRsiRsp = [0x48, 0x89, 0xe6];
  const subRspAnswer = [0x48, 0x81, 0xec, ...bytes32(answerBytes)];
  const subEaxHeader = [0x83, 0xe8, errorOffset + 4];
  // Each step goes on to the next, or jumps over the rest to where it has failed.
  const steps = [
    [
      [movRbxRsp, eax(41), edi(family), esi(type), edx(protocol), syscall],
      [movR12dEax, testEax],
    ],
    [
      [eax(44), ediFromR12d, esi(rulesAddress), edx(rulesBytes), r10d(0)],
      [...noAddress, syscall, testEax],
    ],
    [
      [subRspAnswer, eax(45), ediFromR12d, movRsiRsp, edx(answerBytes), r10d(doNotWait)],
      [...noAddress, syscall, subEaxHeader],
    ],
  ].map((step) => step.flat(2));
  // cmp dword [rsp + 16], 0; je, over what tells of a failure
  const succeed = [0x83, 0x7c, 0x24, errorOffset, 0, 0x74, fail.length];
  const jumpBytes = 6;
  const code: number[] = [];
  let left = steps.reduce((sum, step) => sum + step.length + jumpBytes, 0) + succeed.length;
  for (const step of steps) {
    left -= step.length + jumpBytes;
    code.push(...step, 0x0f, 0x88, ...bytes32(left)); // js
  }
  return Buffer.from([...code, ...succeed, ...fail, ...become]);
}

function arm64Code(rulesAddress: number, rulesBytes: number): Buffer {
  const move = (register: number, value: number) => [
    0xd2800000 + (value & 0xffff) * 32 + register, // movz
    0xf2a00000 + (value >>> 16) * 32 + register, // movk, 16 bits to the left
  ];
  const call = (number: number) => [...move(8, number), 0xd4000001];
  const x0FromX20 = 0xaa1403e0;
  const noAddress = [...move(4, 0), ...move(5, 0)];

  // ldr x1, [x19]; str xzr, [x19, x1, lsl 3]
  const fail = [0xf9400261, 0xf8217a7f];
  const become = [
    [...move(0, dropFromBounds), ...move(1, capNetAdmin), ...call(167)],
    // ldr x0, [x19, 16]; add x1, x19, 16; ldr x2, [x19]; add x2, x19, x2, lsl 3; add x2, x2, 16
    [0xf9400a60, 0x91004261, 0xf9400262, 0x8b020e62, 0x91004042, ...call(221)],
    [...move(0, cannotExecute), ...call(94)],
  ].flat();
  const { family, type, protocol } = netlinkSocket;
  const moveX19Sp = 0x910003f3;
  const moveX20X0 = 0xaa0003f4;
  const moveX1Sp = 0x910003e1;
  const subSpAnswer = 0xd14007ff;
  const subX0Header = 0xd1005000;
  const steps = [
    [
      [moveX19Sp, ...move(0, family), ...move(1, type), ...move(2, protocol), ...call(198)],
      [moveX20X0],
    ],
    [
      [x0FromX20, ...move(1, rulesAddress), ...move(2, rulesBytes), ...move(3, 0)],
      [...noAddress, ...call(206)],
    ],
    [
      [subSpAnswer, x0FromX20, moveX1Sp, ...move(2, answerBytes), ...move(3, doNotWait)],
      [...noAddress, ...call(207), subX0Header],
    ],
  ].map((step) => step.flat());
  // ldr w1, [sp, 16]; cbz w1, over what tells of a failure
  const succeed = [0xb94013e1, 0x34000001 + (fail.length + 1) * 32];
  const code: number[] = [];
  let left = steps.reduce((sum, step) => sum + step.length + 1, 0) + succeed.length;
  for (const step of steps) {
    left -= step.length + 1;
    code.push(...step, 0xb7f80000 + (left + 1) * 32); // tbnz x0, 63
  }
  const words = [...code, ...succeed, ...fail, ...become];
  const bytes = Buffer.alloc(words.length * 4);
  for (const [index, word] of words.entries()) bytes.writeUInt32LE(word, index * 4);
  return bytes;
}
