import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { failure } from './failure.js';
import { Format } from './messages/format.js';
import { said as english } from './messages/en/said/index.js';
import { said as chinese } from './messages/zh-CN/said/index.js';
import { inWords, say, type Sentence } from './sentence.js';
import { sentence, writtenSentence } from './sentenceSchema.js';

const f = new Format('zh-CN');

describe('a sentence', () => {
  it('has its English with it, and says the same in the language of whoever reads it', () => {
    const few = say('datasets.few', 12);
    expect(few.message).toBe('With 12 training images the model will learn some of them by heart: expect overfitting.');
    expect(inWords(few, english, new Format('en'))).toBe(few.message);
    expect(inWords(few, chinese, f)).toBe('只有 12 张训练图像，模型会记住其中一些：预计会过拟合。');
  });

  it('within another is written in the same language', () => {
    const nested = say('datasets.unusable', 'a.png', say('datasets.tooLarge'));
    expect(nested.message).toBe('a.png cannot be used: it is larger than 512 MB.');
    expect(inWords(nested, chinese, f)).toBe('a.png 无法使用：超过 512 MB。');
    const foreign = say('datasets.unusable', 'a.png', { message: 'EWEIRD' });
    expect(inWords(foreign, chinese, f)).toBe('a.png 无法使用：EWEIRD。');
  });

  it('that a failure says is the failure\'s', () => {
    const inner = failure('bad-data', say('datasets.damaged'));
    expect(failure('usage', say('datasets.unusable', 'a', inner)).said?.values).toEqual(['a', say('datasets.damaged')]);
    expect(failure('usage', 'Plain.')).toEqual({ code: 'usage', message: 'Plain.' });
  });

  it('of another version, with a key that is not known here, stays English', () => {
    for (const key of ['datasets.fromTheFuture', 'future.few', 'few', '', '__proto__.x', 'datasets.constructor', 'constructor.name']) {
      expect(inWords({ message: 'In English.', said: { key, values: [3] } }, chinese, f), key).toBe('In English.');
    }
  });

  it('comes through JSON and the schema as it was, what is not finite included', () => {
    const said: readonly Sentence[] = [say('datasets.diskFull'), say('datasets.scaled', 'a', say('datasets.neither')), say('datasets.few', NaN), { message: 'Foreign.' }];
    for (const one of said) expect(v.parse(sentence, JSON.parse(JSON.stringify(one)))).toEqual(one);
    expect(v.parse(writtenSentence, 'Of before.')).toEqual({ message: 'Of before.' });
    for (const wrong of [3, null, {}, { message: 3 }, { message: '', said: { key: 'a' } }, { message: '', said: { key: 'a', values: [[]] } }]) {
      expect(v.safeParse(writtenSentence, wrong).success).toBe(false);
    }
  });
});
