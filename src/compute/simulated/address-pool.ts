/** Hands out the IPv4 addresses of a range, each to one holder at a time. */
export class AddressPool {
  readonly #first: number;
  readonly #size: number;
  /** A bit for each address: whether it is taken. */
  readonly #taken: Uint32Array;
  #cursor = 0;

  /** @param range such as `10.128.0.0/9`, which leaves room for eight million tasks */
  constructor(range: string) {
    const [base = '', bits = ''] = range.split('/', 2);
    const prefixLength = Number(bits);
    const first = parseAddress(base);
    if (first === undefined || !/^\d+$/.test(bits) || prefixLength < 8 || prefixLength > 30) {
      throw new Error(`Not a range of IPv4 addresses between /8 and /30: ${range}`);
    }
    this.#size = 2 ** (32 - prefixLength);
    this.#first = first - (first % this.#size);
    this.#taken = new Uint32Array(Math.ceil(this.#size / 32));
    // The first and the last address of a network are never a host's.
    this.#set(0, true);
    this.#set(this.#size - 1, true);
  }

  /** An address that nobody holds; one given back comes round again as late as can be. */
  take(): string {
    for (let tried = 0; tried < this.#size; tried += 1) {
      const offset = this.#cursor;
      this.#cursor = (this.#cursor + 1) % this.#size;
      if (this.#isTaken(offset)) continue;
      this.#set(offset, true);
      return formatAddress(this.#first + offset);
    }
    throw new Error('All addresses are taken.');
  }

  /** Marks an address as taken by a holder who had it before. */
  reserve(address: string): void {
    const offset = this.#offsetOf(address);
    if (offset !== undefined) this.#set(offset, true);
  }

  release(address: string): void {
    const offset = this.#offsetOf(address);
    if (offset !== undefined) this.#set(offset, false);
  }

  #offsetOf(address: string): number | undefined {
    const offset = (parseAddress(address) ?? 0) - this.#first;
    return offset > 0 && offset < this.#size - 1 ? offset : undefined;
  }

  #isTaken(offset: number): boolean {
    return ((this.#taken[offset >>> 5] ?? 0) & (1 << (offset & 31))) !== 0;
  }

  #set(offset: number, taken: boolean): void {
    const bit = 1 << (offset & 31);
    const word = this.#taken[offset >>> 5] ?? 0;
    this.#taken[offset >>> 5] = taken ? word | bit : word & ~bit;
  }
}

function parseAddress(text: string): number | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)) {
    return undefined;
  }
  return parts.reduce((address, part) => address * 256 + Number(part), 0);
}

function formatAddress(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.');
}
