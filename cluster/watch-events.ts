import { StringDecoder } from 'node:string_decoder';
import { isRecord, type JsonObject } from '../webhook/decode.ts';
import { ApiError } from './api-error.ts';
import { jsonIn } from './json.ts';

/** An event of a watch: ADDED, MODIFIED and DELETED carry the object, BOOKMARK a resourceVersion alone. */
export interface WatchEvent {
  readonly type: string;
  readonly object: JsonObject;
}

/** A stream holds what no API server sends: nothing that came or would come of it can be trusted. */
export class FaultyStream extends Error {}

/**
 * Reads a watch's stream, one JSON object a line, to its end. Calls `heard` whenever something came. Throws
 * FaultyStream for a line that is no event, ApiError for an ERROR event, and what `onEvent` throws.
 */
export async function readEvents(
  stream: AsyncIterable<Buffer>,
  what: string,
  onEvent: (event: WatchEvent) => void,
  heard: () => void,
): Promise<void> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const chunk of stream) {
    heard();
    const [first = '', ...others] = decoder.write(chunk).split('\n');
    rest += first;
    for (const next of others) {
      if (rest.trim() !== '') onEvent(eventOf(rest, what));
      rest = next;
    }
    if (rest.length > LONGEST) throw new FaultyStream(`${what}: an event is over 32 MiB`);
  }
  // A stream that ends within a line was cut; what that line said comes again with the next watch.
}

/** Ten times what etcd takes of an object, unless told otherwise. */
const LONGEST = 32 * 1024 * 1024;

function eventOf(line: string, what: string): WatchEvent {
  const event = jsonIn(line);
  if (!isRecord(event) || typeof event.type !== 'string' || !isRecord(event.object)) {
    throw new FaultyStream(`${what}: a line of the stream is no watch event`);
  }
  const { type, object } = event;
  if (type === 'ERROR') throw ApiError.fromStatus(what, typeof object.code === 'number' ? object.code : 500, object);
  return { type, object };
}
