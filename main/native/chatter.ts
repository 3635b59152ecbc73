/**
 * Lines that TensorFlow writes when it is loaded, before it can be told to be silent (TF_CPP_MIN_LOG_LEVEL comes too late for them): that
 * its log is not yet set up, and that it uses oneDNN.
 */
const chatter = [/^WARNING: All log messages before absl::InitializeLog\(\) is called are written to STDERR$/, /^I\d{4} [\d:.]+\s+\d+ port\.cc:\d+\] oneDNN custom operations are on\./];

/** Whether a line of a process's standard error is news to nobody. */
export function isNativeChatter(line: string): boolean {
  return chatter.some((pattern) => pattern.test(line));
}
