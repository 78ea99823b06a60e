/**
 * What an agent publishes has lines in front like those of an HTTP request, which sign it, and an empty line. Who sends it
 * is known from the connection, which was let in by its signature; so they are passed over.
 */
export function textOfSignedFrame(frame: string): string {
  const separator = '\r\n\r\n';
  const end = frame.startsWith('{') ? -1 : frame.indexOf(separator);
  return end < 0 ? frame : frame.slice(end + separator.length);
}
