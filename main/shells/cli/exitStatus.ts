/** Exit statuses of the command line (DESIGN section 6). */
export const exitDone = 0;
export const exitFailed = 1;
export const exitUsage = 2;
export const exitInterrupted = 130;
