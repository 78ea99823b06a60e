/** What serves a path: what is named so, else the longest name that ends with a slash and begins it. */
export function findRoute<Handler>(
  routes: ReadonlyMap<string, Handler>,
  url = '',
): Handler | undefined {
  const [path = ''] = url.split('?', 1);
  const exact = routes.get(path);
  if (exact !== undefined) return exact;
  let longest = '';
  for (const prefix of routes.keys()) {
    const begins = prefix.endsWith('/') && path.startsWith(prefix);
    if (begins && prefix.length > longest.length) longest = prefix;
  }
  return routes.get(longest);
}
