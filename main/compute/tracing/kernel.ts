import type { NamedAttrMap, TensorInfo } from '@tensorflow/tfjs-core';
import { registerKernel } from '@tensorflow/tfjs-core';
import { Builder } from '../Builder.js';
import type { Node } from '../graph.js';
import { captureOrigin } from '../origin.js';
import { backendName, traceBackend } from './TraceBackend.js';

/** Inputs of a kernel by name; `Optional` ones may be absent. */
type NodeMap<Names extends string, Optional extends string> = Readonly<Record<Names, Node>> &
  Readonly<Partial<Record<Optional, Node>>>;

/**
 * Teaches the trace backend one tfjs kernel: `translate` writes it as nodes.
 *
 * `Names` and `Attrs` are the kernel's own inputs and attributes in tfjs-core. The engine keeps that contract, so the casts
 * here are the only ones.
 */
export function traceKernel<Names extends string, Attrs = object, Optional extends string = never>(
  kernelName: string,
  translate: (inputs: NodeMap<Names, Optional>, build: Builder, attrs: Attrs) => Node | Node[],
): void {
  register(kernelName, (inputs, build, attrs) => {
    const nodes = Object.entries(inputs).map(([name, tensor]) => [name, tensor && traceBackend.nodeOf(tensor)]);
    return translate(Object.fromEntries(nodes) as NodeMap<Names, Optional>, build, attrs as Attrs);
  });
}

/** The same for a kernel whose inputs are an array of tensors. */
export function traceListKernel<Attrs>(
  kernelName: string,
  translate: (parts: readonly Node[], build: Builder, attrs: Attrs) => Node,
): void {
  register(kernelName, (inputs, build, attrs) =>
    translate(
      Object.values(inputs).flatMap((tensor) => (tensor ? [traceBackend.nodeOf(tensor)] : [])),
      build,
      attrs as Attrs,
    ),
  );
}

type Inputs = Readonly<Record<string, TensorInfo | undefined>>;

function register(kernelName: string, translate: (inputs: Inputs, build: Builder, attrs: NamedAttrMap) => Node | Node[]): void {
  registerKernel({
    kernelName,
    backendName,
    kernelFunc: ({ inputs, attrs }) => {
      const result = translate(inputs, new Builder(captureOrigin(kernelName)), attrs ?? {});
      return Array.isArray(result) ? result.map((node) => traceBackend.tensorOf(node)) : traceBackend.tensorOf(result);
    },
  });
}
