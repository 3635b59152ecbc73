// npm start: until the window exists, the main job once through: train on the digits, picture the cloud, write a morph.
import { join } from 'node:path';
import { requireBuilt } from './support/build.mjs';
import { ensureInstalled } from './support/install.mjs';
import { root, say } from './support/run.mjs';

await ensureInstalled();
await requireBuilt();
const { main } = await import(new URL('../dist/main/shells/cli/main.js', import.meta.url).href);

const project = join(root, 'out', 'digits.morphoscope');
const cloud = join(root, 'out', 'cloud.png');
const morph = join(root, 'out', 'morph.png');
say('The window is not part of this version yet. This trains on the 60,000 digits of the MNIST sample instead.');
const steps = [
  ['train', '--sample', 'mnist', '--model', 'dense', '--latent', '3', '--epochs', '5', '--out', project],
  ['cloud', '--run', project, '--out', cloud],
  ['morph', '--run', project, '--from', '1', '--to', '7', '--steps', '11', '--path', 'lerp', '--out', morph],
];
for (const step of steps) {
  process.exitCode = await main(step);
  if (process.exitCode !== 0) break;
}
if (process.exitCode === 0) {
  say(`\nThe cloud of the digits:  ${cloud}`);
  say(`A morph from a 0 to a 3:  ${morph}`);
  say(`The project:              ${project}`);
  say('Your own pictures:        npm run -s cli -- train --images FOLDER --model conv --latent 8 --out FOLDER.morphoscope');
}
