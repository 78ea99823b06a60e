/**
 * The forms in which a URL may have been signed: as SigV4 has it, and with the query as it was sent, which is what curl
 * signs before release 8. They ask for the same.
 */
export function signedForms(url: string): readonly string[] {
  const canonical = canonicalUrl(url);
  const asSent = url.includes('?') ? url.replace('?', '\n') : canonical;
  return asSent === canonical ? [canonical] : [canonical, asSent];
}

/** Path and query as SigV4 signs them, on a line each: the query's parts decoded, encoded anew, and sorted. */
export function canonicalUrl(url: string): string {
  const mark = url.indexOf('?');
  if (mark < 0) return `${url}\n`;
  const query = url
    .slice(mark + 1)
    .split('&')
    .filter((part) => part !== '')
    .map(canonicalPart)
    .toSorted()
    .join('&');
  return `${url.slice(0, mark)}\n${query}`;
}

function canonicalPart(part: string): string {
  const mark = part.indexOf('=');
  const name = mark < 0 ? part : part.slice(0, mark);
  const value = mark < 0 ? '' : part.slice(mark + 1);
  return `${encode(decode(name))}=${encode(decode(value))}`;
}

/** What is not encoded as it should be stands for itself: no signature will match it. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
