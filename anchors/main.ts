import { probeWebGpu } from '../main/compute/webgpu/probe.js';
import { installedNative } from '../main/native/installation.js';
import type { ExecutorName } from '../shared/model.js';
import { isMet, type Anchor, type Check } from './Anchor.js';
import { crossEntropyEnds, toy } from './closedForms.js';
import { linearAutoencoder, linearVae } from './linear.js';
import { readMnist } from './mnist.js';
import { kerasConvAe, kerasVae, pytorchExample } from './published.js';

const anchors: readonly Anchor[] = [pytorchExample, kerasVae, kerasConvAe, crossEntropyEnds, linearAutoencoder, linearVae, toy];

/** Measures the anchors that are named, or all, on every executor of this machine. Returns the exit status: 0, 1 on a miss, 2 for a wrong name. */
export async function main(names: readonly string[]): Promise<number> {
  const unknown = names.find((name) => !anchors.some((anchor) => anchor.name === name));
  if (unknown !== undefined) {
    process.stderr.write(`There is no anchor ${unknown}. usage: npm run anchors -- [${anchors.map(({ name }) => name).join(' | ')}]...\n`);
    return 2;
  }
  const chosen = anchors.filter(({ name }) => names.length === 0 || names.includes(name));
  const executors = chosen.some(({ trains }) => trains) ? await presentExecutors() : [];
  const mnist = await readMnist();
  write(row(['', 'setting', 'executor', 'quantity', 'published', 'measured', 'tolerance', 'verdict', 'time']));
  let missed = 0;
  for (const anchor of chosen) {
    const verdicts = [];
    for (const executor of anchor.trains ? executors : (['onnx'] as const)) verdicts.push(await report(anchor, executor, mnist));
    if (verdicts.includes(false)) missed++;
  }
  write(`anchors: ${chosen.length - missed} reproduced, ${missed} missed`);
  return missed === 0 ? 0 : 1;
}

/** Measures one anchor on one executor and writes its rows; whether all of its numbers are met. */
async function report(anchor: Anchor, executor: ExecutorName, mnist: Parameters<Anchor['measure']>[0]): Promise<boolean> {
  const { name, setting, trains } = anchor;
  const began = performance.now();
  const checks = await anchor.measure(mnist, executor, (progress) => process.stderr.write(`${name}, ${executor}: ${progress}\n`));
  const seconds = (performance.now() - began) / 1000;
  for (const check of checks) {
    const { quantity, published, measured } = check;
    const verdict = isMet(check) ? 'reproduced' : 'MISSED';
    write(row([name, setting, trains ? executor : '', quantity, number(published), number(measured), toleranceOf(check), verdict, `${seconds.toFixed(1)} s`]));
  }
  return checks.every(isMet);
}

async function presentExecutors(): Promise<ExecutorName[]> {
  const gpu = await probeWebGpu();
  return ['onnx', ...(installedNative() ? (['tensorflow'] as const) : []), ...(gpu.usable && !gpu.software ? (['webgpu'] as const) : [])];
}

function toleranceOf({ below, above }: Check): string {
  return below === above ? `± ${number(above)}` : `-${number(below)} +${number(above)}`;
}

/** Six digits, as those published have at most. */
function number(value: number): string {
  return String(Number(value.toPrecision(Math.abs(value) < 0.01 ? 2 : 6)));
}

const widths = [3, 51, 10, 34, 9, 9, 18, 10, 0];

function row(cells: readonly string[]): string {
  return cells.map((cell, i) => cell.padEnd(widths[i]!)).join('  ').trimEnd();
}

function write(line: string): void {
  process.stdout.write(`${line}\n`);
}
