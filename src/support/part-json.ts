import { KeptTexts } from './kept-texts.ts';

const charactersPerGeneration = 4 * 1024 * 1024;
const kept = new KeptTexts(charactersPerGeneration);

/**
 * The JSON of plain data that does not change and is written more than once: what many records have in common, or what goes
 * to the store and into an answer.
 */
export function jsonOfPart(part: object): string {
  const known = kept.find(part, '');
  if (known !== undefined) return known;
  const json = JSON.stringify(part);
  kept.keep(part, '', json);
  return json;
}
