import { expect, it } from 'vitest';
import { catalogues } from '../../../shared/messages/catalogues.js';
import { Format } from '../../../shared/messages/format.js';
import { evaluation } from '../../../shared/testing/evaluation.js';
import { evaluationJson, evaluationText } from './evaluationText.js';

it('the notes of an evaluation are in the language of its text, and for programs in English', () => {
  const last = (locale: 'en' | 'zh-CN'): string | undefined => evaluationText(catalogues[locale], new Format(locale), evaluation).split('\n').at(-1);
  expect([last('en'), last('zh-CN')]).toEqual(['The cross-entropy with grey images is no likelihood: it has no bits a value.', '灰度图像的交叉熵不是似然：没有每值比特数。']);
  expect(JSON.parse(evaluationJson(evaluation))).toEqual({ ...evaluation, notes: ['The cross-entropy with grey images is no likelihood: it has no bits a value.'] });
});
