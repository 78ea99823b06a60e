import { createHash } from 'node:crypto';
import { tarOf } from './tar.ts';

/**
 * The program of the container that holds a task's network namespace. It is so small that it is
 * written down here as machine code: no download, no build, the same bytes on every machine.
 *
 *     rt_sigaction(SIGCHLD, SIG_IGN)         the kernel reaps orphans, where this is process 1
 *     rt_sigprocmask(SIG_BLOCK, INT | TERM)  process 1 is sent no signal that it does not block
 *     while (rt_sigtimedwait(INT | TERM) <= 0) {}
 *     exit_group(0)
 */
export type PauseArchitecture = 'amd64' | 'arm64';

export const pauseRepository = 'longshore/pause';
export const pauseProgramPath = '/pause';

export interface PauseImage {
  /** Names the content, so that another version of the program is another image. */
  readonly tag: string;
  readonly tar: Buffer;
}

export function pauseImage(architecture: PauseArchitecture): PauseImage {
  const content = pauseProgram(architecture);
  const tar = tarOf([{ name: 'pause', mode: 0o755, content }]);
  return { tag: createHash('sha256').update(tar).digest('hex').slice(0, 16), tar };
}

/** Engines name their architecture as the kernel does. */
export function pauseArchitecture(engineArchitecture: string): PauseArchitecture {
  switch (engineArchitecture) {
    case 'x86_64':
    case 'amd64':
      return 'amd64';
    case 'aarch64':
    case 'arm64':
      return 'arm64';
    default:
      throw new Error(`No pause program for the architecture ${engineArchitecture}.`);
  }
}

/** Where a program of ours is loaded, headers first. */
export const loadAddress = 0x400000;
export const headerBytes = 64 + 56;
const sigchld = 17;
const signalSetBytes = 8;
/** SIGINT (2) and SIGTERM (15); bit 0 is signal 1. */
const awaitedSignals = (1n << 1n) | (1n << 14n);
const ignoreSignal = 1n;

/**
 * A statically linked ELF executable: its headers, the code, and the two structures it points to.
 */
export function pauseProgram(architecture: PauseArchitecture): Buffer {
  const codeBytes = alignedTo8(machineCode[architecture](0, 0).length);
  const actionAddress = loadAddress + headerBytes + codeBytes;
  const signalsAddress = actionAddress + 32;
  const code = Buffer.alloc(codeBytes);
  machineCode[architecture](actionAddress, signalsAddress).copy(code);

  // struct sigaction { handler, flags, restorer, mask }, then the signal set.
  const data = Buffer.alloc(32 + signalSetBytes);
  data.writeBigUInt64LE(ignoreSignal, 0);
  data.writeBigUInt64LE(awaitedSignals, 32);
  const size = headerBytes + code.length + data.length;
  return Buffer.concat([elfHeaders(architecture, size), code, data]);
}

const machineCode = { amd64: amd64Code, arm64: arm64Code };
const elfMachine = { amd64: 62, arm64: 183 };

/** Of a program that is loaded whole, `size` bytes of it, and begins after them. */
export function elfHeaders(architecture: PauseArchitecture, size: number): Buffer {
  const headers = Buffer.alloc(headerBytes);
  // e_ident: magic, 64 bits, little endian, version 1.
  headers.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1], 0);
  headers.writeUInt16LE(2, 16); // e_type: executable
  headers.writeUInt16LE(elfMachine[architecture], 18);
  headers.writeUInt32LE(1, 20); // e_version
  headers.writeBigUInt64LE(BigInt(loadAddress + headerBytes), 24); // e_entry
  headers.writeBigUInt64LE(64n, 32); // e_phoff
  headers.writeUInt16LE(64, 52); // e_ehsize
  headers.writeUInt16LE(56, 54); // e_phentsize
  headers.writeUInt16LE(1, 56); // e_phnum
  // The one program header: load all of the file, to read and execute.
  headers.writeUInt32LE(1, 64); // p_type: load
  headers.writeUInt32LE(5, 68); // p_flags: read, execute
  headers.writeBigUInt64LE(BigInt(loadAddress), 80); // p_vaddr
  headers.writeBigUInt64LE(BigInt(loadAddress), 88); // p_paddr
  headers.writeBigUInt64LE(BigInt(size), 96); // p_filesz
  headers.writeBigUInt64LE(BigInt(size), 104); // p_memsz
  headers.writeBigUInt64LE(0x10000n, 112); // p_align: the largest page of arm64
  return headers;
}

function amd64Code(actionAddress: number, signalsAddress: number): Buffer {
  const syscall = [0x0f, 0x05];
  const eax = (value: number) => [0xb8, ...bytes32(value)];
  const edi = (value: number) => [0xbf, ...bytes32(value)];
  const esi = (value: number) => [0xbe, ...bytes32(value)];
  const clearEdx = [0x31, 0xd2];
  const r10d = (value: number) => [0x41, 0xba, ...bytes32(value)];

  const setUp = [
    eax(13),
    edi(sigchld),
    esi(actionAddress),
    clearEdx,
    r10d(signalSetBytes),
    syscall,
    eax(14),
    edi(0),
    esi(signalsAddress),
    clearEdx,
    syscall,
  ].flat();
  const wait = [...eax(128), ...edi(signalsAddress), ...esi(0), ...clearEdx, ...syscall];
  const testEax = [0x85, 0xc0];
  // jle, back over itself to the wait.
  const again = [0x7e, 256 - (wait.length + testEax.length + 2)];
  const exit = [...eax(231), ...edi(0), ...syscall];
  return Buffer.from([...setUp, ...wait, ...testEax, ...again, ...exit]);
}

function arm64Code(actionAddress: number, signalsAddress: number): Buffer {
  const words: number[] = [];
  const move = (register: number, value: number) => words.push(0xd2800000 + value * 32 + register);
  const address = (register: number, target: number) => {
    const offset = target === 0 ? 0 : target - (loadAddress + headerBytes + words.length * 4);
    words.push(0x10000000 + (offset % 4) * 2 ** 29 + Math.floor(offset / 4) * 32 + register);
  };
  const call = (number: number) => {
    move(8, number);
    words.push(0xd4000001);
  };

  move(0, sigchld);
  address(1, actionAddress);
  move(2, 0);
  move(3, signalSetBytes);
  call(134); // rt_sigaction
  move(0, 0);
  address(1, signalsAddress);
  move(2, 0);
  call(135); // rt_sigprocmask
  const wait = words.length;
  address(0, signalsAddress);
  move(1, 0);
  move(2, 0);
  call(137); // rt_sigtimedwait
  words.push(0xf100001f); // cmp x0, 0
  const distance = wait - words.length;
  words.push(0x54000000 + (distance + 2 ** 19) * 32 + 0xd); // b.le wait
  move(0, 0);
  call(94); // exit_group

  const code = Buffer.alloc(words.length * 4);
  for (const [index, word] of words.entries()) code.writeUInt32LE(word, index * 4);
  return code;
}

export function bytes32(value: number): number[] {
  return [value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24];
}

function alignedTo8(length: number): number {
  return Math.ceil(length / 8) * 8;
}
