/** Names of the state tensors of a session besides the variables themselves, see `StateValues`. */
export const beta1Power = 'optimizer/beta1Power';
export const beta2Power = 'optimizer/beta2Power';
export const firstMoment = (variable: string) => `${variable}/m`;
export const secondMoment = (variable: string) => `${variable}/v`;
