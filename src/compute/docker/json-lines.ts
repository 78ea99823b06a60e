/**
 * A stream of JSON values, one a line. Its producer is the Engine, so their shape is taken as told.
 */
export async function* jsonLines<Value>(chunks: AsyncIterable<Buffer>): AsyncGenerator<Value> {
  let rest = '';
  const decoder = new TextDecoder();
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line.trim() !== '') yield JSON.parse(line);
    }
  }
  if (rest.trim() !== '') yield JSON.parse(rest);
}
