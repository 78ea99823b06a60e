import { clientError } from '../errors.ts';

const longestName = 255;

/** What families, containers and volumes may be called, their length apart. */
const nameCharacters = /^[A-Za-z0-9_-]+$/;

export function isWellFormedName(name: string): boolean {
  return name.length <= longestName && nameCharacters.test(name);
}

/** What is wrong with the name of a family, in ECS's words; undefined if nothing is. */
export function familyFault(family: string): string | undefined {
  if (family === '') return 'Family should not be null or empty.'; // [inferred wording]
  if (!nameCharacters.test(family)) return 'Family contains invalid characters.';
  if (family.length <= longestName) return undefined;
  return `Family must be less than or equal to ${longestName} characters.`; // [inferred wording]
}

/** @throws EcsError ClientException */
export function parseFamily(family = ''): string {
  const fault = familyFault(family);
  if (fault !== undefined) throw clientError(fault);
  return family;
}
