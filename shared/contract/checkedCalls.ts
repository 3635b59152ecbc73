import * as v from 'valibot';
import { failure } from '../failure.js';
import type { Failure } from '../failure.js';
import { err } from '../result.js';
import type { Result } from '../result.js';
import { say } from '../sentence.js';

/** What a method takes, with the names that an error message uses. */
export interface CallSchema<Args extends readonly unknown[], Answer extends 'result' | 'value'> {
  readonly parameters: { readonly [I in keyof Args]: readonly [name: string, schema: v.GenericSchema<unknown, Args[I]>] };
  /** A wrong argument is answered by a `usage` failure where the method answers with a `Result`, else the call rejects. */
  readonly answer: Answer;
}

/** The schemas of every method of an interface; a method without one does not compile. */
export type ApiSchemas<Api> = {
  readonly [K in keyof Api]: Api[K] extends (...args: infer Args) => Promise<infer Answer>
    ? CallSchema<Required<Args>, [Answer] extends [Result<unknown, Failure>] ? 'result' : 'value'>
    : never;
};

/** The parameters of a method that answers with a `Result`. */
export function resultCall<Args extends readonly unknown[]>(...parameters: CallSchema<Args, 'result'>['parameters']): CallSchema<Args, 'result'> {
  return { parameters, answer: 'result' };
}

/** The parameters of a method that answers with a plain value. */
export function valueCall<Args extends readonly unknown[]>(...parameters: CallSchema<Args, 'value'>['parameters']): CallSchema<Args, 'value'> {
  return { parameters, answer: 'value' };
}

/** The methods of `api` that have a schema, as own properties that parse what they are given from unknown before they run. */
export function checkedCalls<Api extends object>(api: Api, schemas: ApiSchemas<Api>): Api {
  const entries = Object.entries(schemas as Record<string, CallSchema<unknown[], 'result' | 'value'>>);
  return Object.fromEntries(entries.map(([name, schema]) => {
    const method = (api as Record<string, (...args: unknown[]) => unknown>)[name]!.bind(api);
    return [name, async (...args: unknown[]) => {
      const parsed = parseArguments(name, schema.parameters, args);
      if (parsed.ok) return method(...parsed.value);
      if (schema.answer === 'result') return parsed;
      throw new TypeError(parsed.error.message);
    }];
  })) as Api;
}

function parseArguments(
  method: string,
  parameters: readonly (readonly [name: string, schema: v.GenericSchema])[],
  args: readonly unknown[],
): Result<unknown[], Failure> {
  if (args.length > parameters.length) {
    return err(failure('usage', say('processes.arguments', method, parameters.length, args.length)));
  }
  const values: unknown[] = [];
  for (const [i, [name, schema]] of parameters.entries()) {
    const parsed = v.safeParse(schema, args[i], { abortEarly: true });
    if (!parsed.success) {
      const [issue] = parsed.issues;
      const path = [name, v.getDotPath(issue)].filter(Boolean).join('.');
      return err(failure('usage', say('processes.argument', path, method, issue.message)));
    }
    values.push(parsed.output);
  }
  return { ok: true, value: values };
}
