import * as v from 'valibot';

/** A peer sent something that is not what it has to be. Thrown by a handler of one-way messages, it closes the connection. */
export class BadMessage extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'BadMessage';
  }
}

/** The value as the schema has it. Takes only `unknown`, so that nothing passes for checked that is not. Throws `BadMessage`. */
export function parseUnknown<T>(schema: v.GenericSchema<unknown, T>, value: unknown): T {
  const parsed = v.safeParse(schema, value, { abortEarly: true });
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw new BadMessage([v.getDotPath(issue), issue.message].filter(Boolean).join(': '));
}
