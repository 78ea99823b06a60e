import { expect, test } from 'vitest';
import { valueOfKey } from './json-key.ts';

test.each([
  ['"text"', 'text'],
  ['""', ''],
  ['1', '1'],
  ['-0', '-0'],
  ['1.5', '1.5'],
  ['5432', '5432'],
  ['123456.5', '123456.5'],
  ['1000000', '1e+06'],
  ['123456789012', '1.23456789012e+11'],
  ['-1234567', '-1.234567e+06'],
  ['1e20', '1e+20'],
  ['1e21', '1e+21'],
  ['0.0001', '0.0001'],
  ['0.00001', '1e-05'],
  ['1.25e-7', '1.25e-07'],
  ['true', 'true'],
  ['null', '<nil>'],
  ['["a", 1, null]', '[a 1 <nil>]'],
  ['{"b": 2, "a": {"c": []}}', 'map[a:map[c:[]] b:2]'],
])('A value %s of a JSON key is %s, as Go writes it', (json, text) => {
  expect(valueOfKey(`{"key": ${json}}`, 'key')).toEqual({ kind: 'Value', text });
});

test.each([
  ['{"other": 1}', 'retrieved secret from Secrets Manager did not contain json key key'],
  ['{}', 'retrieved secret from Secrets Manager did not contain json key key'],
  ['null', 'retrieved secret from Secrets Manager did not contain json key key'],
  ['hunter2', "invalid character '*' looking for beginning of value"],
  ['', 'unexpected end of JSON input'],
  ['"key"', 'json: cannot unmarshal string into Go value of type map[string]interface {}'],
  ['["key"]', 'json: cannot unmarshal array into Go value of type map[string]interface {}'],
])('A secret %j without the key says why, and nothing of the value', (secret, reason) => {
  expect(valueOfKey(secret, 'key')).toEqual({ kind: 'Missing', reason });
});

test('Keys that every object inherits are not there', () => {
  for (const key of ['__proto__', 'constructor', 'toString']) {
    expect(valueOfKey('{}', key).kind).toBe('Missing');
  }
  expect(valueOfKey('{"__proto__": "own"}', '__proto__')).toEqual({ kind: 'Value', text: 'own' });
});
