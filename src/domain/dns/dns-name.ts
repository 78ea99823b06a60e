const longestName = 253;
const wellFormedLabel = /^[!-\-/-~]{1,63}$/;

/** Whether a text can be a name in DNS; it may end in a dot. */
export function isDnsName(text: string): boolean {
  const name = withoutFinalDot(text);
  return name.length <= longestName && name.split('.').every((one) => wellFormedLabel.test(one));
}

export function withoutFinalDot(name: string): string {
  return name.endsWith('.') ? name.slice(0, -1) : name;
}

/** The name and what remains of it without its first labels, the longest first: of `a.b`, `a.b` and `b`. */
export function* suffixesOf(name: string): Generator<string> {
  for (let from = 0; ;) {
    yield name.slice(from);
    const dot = name.indexOf('.', from);
    if (dot < 0) return;
    from = dot + 1;
  }
}
