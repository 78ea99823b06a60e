import { secretConstraint } from '../../domain/secret/secret-error.ts';

const longestDescription = 2048;

/** @throws SecretError ValidationException */
export function parseDescription(description: string | undefined): { description?: string } {
  if (description === undefined) return {};
  if (description.length <= longestDescription) return { description };
  const constraint = `have length less than or equal to ${longestDescription}`;
  throw secretConstraint('description', description, constraint);
}
