/** Names of the values through which a program and its executor exchange tensors; the prefixes keep the kinds apart. */
export const inputName = (name: string) => `input/${name}`;
export const outputName = (name: string) => `output/${name}`;
export const stateName = (name: string) => `state/${name}`;
export const nextStateName = (name: string) => `next/${name}`;

/** The first output of a model for the processor, see `OnnxProgram`. */
export const stopName = 'stop';
