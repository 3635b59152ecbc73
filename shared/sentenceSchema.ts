import * as v from 'valibot';
import type { SaidValue, Sentence } from './sentence.js';

/** What is not finite is null in JSON. */
const number = v.pipe(v.nullable(v.custom<number>((value) => typeof value === 'number')), v.transform((value) => value ?? NaN));
const value: v.GenericSchema<unknown, SaidValue> = v.union([v.string(), number, v.lazy(() => sentence)]);

/** The fields of whatever is a sentence, from unknown. Whether the key is known is for the one who writes it to find out. */
export const sentenceFields = {
  message: v.string(),
  said: v.exactOptional(v.object({ key: v.string(), values: v.array(value) })),
};

/** Of a sentence and nothing else. */
export const sentence: v.GenericSchema<unknown, Sentence> = v.strictObject(sentenceFields);

/** A sentence in a file; before there were any, its English was written. */
export const writtenSentence: v.GenericSchema<unknown, Sentence> = v.union([v.pipe(v.string(), v.transform((message) => ({ message }))), sentence]);
