import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

/** Calls `onLine` for each line of a stream of UTF-8 text, the last one included when it has no end. Resolves at the end. */
export function forEachLine(stream: Readable, onLine: (line: string) => void): Promise<void> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  stream.on('data', (chunk: Buffer) => {
    const lines = (rest + decoder.write(chunk)).split(/\r?\n/);
    rest = lines.pop()!;
    for (const line of lines) onLine(line);
  });
  return new Promise((resolve) => {
    stream.on('close', () => {
      if (rest) onLine(rest);
      rest = '';
      resolve();
    });
  });
}
