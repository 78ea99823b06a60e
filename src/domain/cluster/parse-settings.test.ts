import { expect, test } from 'vitest';
import { refusalOf } from '../../../test/fixtures/task-definition-requests.ts';
import { parseSettings } from './parse-settings.ts';

test.each(['enabled', 'disabled', 'enhanced'])('containerInsights may be %s', (value) => {
  expect(parseSettings([{ name: 'containerInsights', value }], 'disabled')).toBe(value);
});

test('without a setting the default holds; of several the last one does', () => {
  expect(parseSettings(undefined, 'enhanced')).toBe('enhanced');
  const settings = ['enabled', 'disabled'].map(
    (value) => ({ name: 'containerInsights', value }) as const,
  );
  expect(parseSettings(settings, 'enhanced')).toBe('disabled');
});

test.each([
  [{ name: 'containerInsights', value: 'DISABLED' }, "Invalid setting 'value'"],
  [{ name: 'containerInsights' }, "Invalid setting 'value'"],
  [{ name: 'other', value: 'enabled' }, "Invalid setting 'name'"],
])('%j is refused', (setting, message) => {
  const untyped = JSON.parse(JSON.stringify(setting));
  expect(refusalOf(() => parseSettings([untyped], 'disabled'))).toBe(
    `InvalidParameterException: ${message}`,
  );
});
