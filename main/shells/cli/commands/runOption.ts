import { resolve } from 'node:path';
import { required, text, type Option } from '../option.js';

const dir = required(text('DIR'), 'a project (its newest run) or one of its runs');

/** The run that a command is about, as an absolute path. */
export const runOption: { readonly run: Option<string> } = { run: { ...dir, read: (name, words) => resolve(dir.read(name, words)) } };
