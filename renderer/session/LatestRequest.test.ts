import { beforeEach, expect, test } from 'vitest';
import { failure, type Failure } from '../../shared/failure.js';
import { err, ok, type Result } from '../../shared/result.js';
import { LatestRequest } from './LatestRequest.js';

/** Requests that the test answers by hand. */
let open: { readonly input: number; readonly answer: (result: Result<string, Failure>) => Promise<void> }[];
let most: number;
let asked: number[];
let answers: string[];
let pump: LatestRequest<number, string>;

beforeEach(() => {
  open = [];
  most = 0;
  asked = [];
  answers = [];
  pump = new LatestRequest(
    (input) =>
      new Promise((resolve) => {
        asked.push(input);
        const answer = async (result: Result<string, Failure>): Promise<void> => {
          open = open.filter((other) => other.input !== input);
          resolve(result);
          // The pump's own turns come after this one.
          for (let turn = 0; turn < 4; turn++) await Promise.resolve();
        };
        open.push({ input, answer });
        most = Math.max(most, open.length);
      }),
    (answer, input) => answers.push(`${input}: ${answer.ok ? answer.value : answer.error.code}`),
  );
});

test('never two are under way, and of those asked meanwhile only the newest is', async () => {
  for (let input = 0; input < 10; input++) pump.request(input);
  expect(asked).toEqual([0]);
  await open[0]!.answer(ok('first'));
  await open[0]!.answer(ok('last'));
  expect(asked).toEqual([0, 9]);
  expect(answers).toEqual(['0: first', '9: last']);
  expect(most).toBe(1);
});

test('a failure is handed on and the next request goes out', async () => {
  pump.request(1);
  pump.request(2);
  await open[0]!.answer(err(failure('crashed', 'Gone.')));
  await open[0]!.answer(ok('here'));
  expect(answers).toEqual(['1: crashed', '2: here']);
});

test('what is dropped is not answered; what is asked after that is', async () => {
  pump.request(1);
  pump.request(2);
  pump.drop();
  pump.request(3);
  await open[0]!.answer(ok('late'));
  await open[0]!.answer(ok('wanted'));
  expect(asked).toEqual([1, 3]);
  expect(answers).toEqual(['3: wanted']);
});

test('an idle pump asks at once', async () => {
  pump.request(1);
  await open[0]!.answer(ok('a'));
  pump.request(2);
  expect(asked).toEqual([1, 2]);
});
