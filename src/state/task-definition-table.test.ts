import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyAcceptedRequest } from '../../test/fixtures/any-task-definition.ts';
import { aTaskDefinition } from '../../test/fixtures/a-task-definition.ts';
import { parseTaskDefinition } from '../domain/task-definition/parse-task-definition.ts';
import { Tables } from './tables.ts';

const { taskDefinitions } = new Tables({ isOpen: true, note: () => undefined });

test('a revision is stored as the JSON of all that it has', () => {
  fc.assert(
    fc.property(anyAcceptedRequest, (request) => {
      const { content } = parseTaskDefinition(request);
      const definition = { ...aTaskDefinition(), content };
      const stored = taskDefinitions.jsonOf(definition);
      expect(JSON.parse(stored)).toEqual(JSON.parse(JSON.stringify(definition)));
      expect(taskDefinitions.jsonOf(definition)).toBe(stored);
    }),
  );
});
