import { ssmConstraint } from '../../domain/parameter/ssm-error.ts';

export const mostNames = 10;

/** @throws SsmError ValidationException */
export function parseNames(names: readonly string[] | undefined): readonly string[] {
  if (names === undefined) throw ssmConstraint('names', names, 'not be null');
  const shown = `[${names.slice(0, mostNames + 1).join(', ')}]`;
  if (names.length === 0) {
    throw ssmConstraint('names', shown, 'have length greater than or equal to 1');
  }
  if (names.length <= mostNames) return names;
  throw ssmConstraint('names', shown, `have length less than or equal to ${mostNames}`);
}

/** @throws SsmError ValidationException */
export function parsePageSize(given: number | undefined, most: number): number {
  if (given === undefined) return most;
  if (Number.isInteger(given) && given >= 1 && given <= most) return given;
  const bound = given < 1 ? 'greater than or equal to 1' : `less than or equal to ${most}`;
  throw ssmConstraint('maxResults', String(given), `have value ${bound}`);
}
