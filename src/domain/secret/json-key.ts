/** What a JSON key has, or why there is nothing: never with a piece of the secret in it. */
export type KeyValue =
  | { readonly kind: 'Value'; readonly text: string }
  | { readonly kind: 'Missing'; readonly reason: string };

/** The value of a top-level key in the words of Go, in which the ECS agent is written. */
export function valueOfKey(secret: string, key: string): KeyValue {
  const parsed = parse(secret);
  if (parsed === undefined) return missing(notJson(secret));
  if (typeof parsed.value !== 'object' || Array.isArray(parsed.value)) {
    const kind = Array.isArray(parsed.value) ? 'array' : goTypes[typeof parsed.value];
    return missing(`json: cannot unmarshal ${kind} into Go value of type map[string]interface {}`);
  }
  const found = Object.entries(parsed.value ?? {}).find(([name]) => name === key);
  if (found) return { kind: 'Value', text: goText(found[1]) };
  return missing(`retrieved secret from Secrets Manager did not contain json key ${key}`);
}

const goTypes: Readonly<Record<string, string>> = {
  string: 'string',
  number: 'number',
  boolean: 'bool',
};

function missing(reason: string): KeyValue {
  return { kind: 'Missing', reason };
}

/** The parser's own error would show a piece of the secret, so it goes no further. */
function parse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/** ECS shows the character that is in the way; it is a part of the secret, and is not shown here. */
function notJson(secret: string): string {
  if (secret.trim() === '') return 'unexpected end of JSON input';
  return "invalid character '*' looking for beginning of value";
}

/** Go's `%v`. */
function goText(value: unknown): string {
  if (value === null) return '<nil>';
  if (typeof value === 'number') return goNumber(value);
  if (Array.isArray(value)) return `[${value.map(goText).join(' ')}]`;
  if (typeof value === 'object') {
    const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
    return `map[${entries.map(([key, item]) => `${key}:${goText(item)}`).join(' ')}]`;
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Exponents below -4 and from 6 on are written as such, in two digits at least. */
function goNumber(value: number): string {
  const [mantissa, exponent = ''] = value.toExponential().split('e');
  const power = Number(exponent);
  if (Object.is(value, -0)) return '-0';
  if (power >= -4 && power < 6) return String(value);
  const sign = power < 0 ? '-' : '+';
  return `${mantissa}e${sign}${String(Math.abs(power)).padStart(2, '0')}`;
}
