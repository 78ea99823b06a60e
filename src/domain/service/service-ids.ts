const digits = 19;

/** The id of a revision and of its deployment: 19 decimal digits, out of the random part of a new id. */
export function revisionDigits(newId: string): string {
  const random = BigInt(`0x${newId.slice(-16)}`);
  return String(random % 10n ** BigInt(digits)).padStart(digits, '0');
}

/** In the order of their codes, so that ids sort as what they are made from. */
const alphabet = '-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz';
const characters = 21;

/** The id of a service deployment: 21 characters, ascending with time as new ids do. */
export function serviceDeploymentId(newId: string): string {
  let rest = BigInt(`0x${newId}`) >> 2n;
  let id = '';
  while (id.length < characters) {
    id = alphabet.charAt(Number(rest & 63n)) + id;
    rest >>= 6n;
  }
  return id;
}
