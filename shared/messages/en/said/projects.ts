/** Projects and the files in them. */
export const projects = {
  absent: (path: string) => `${path} does not exist.`,
  notAFolderOnTheWay: (path: string) => `A part of the path ${path} is not a folder.`,
  folderNotFile: (path: string) => `${path} is a folder, not a file.`,
  nameTooLong: (path: string) => `The name ${path} is too long.`,
  noPermission: (path: string) => `There is no permission to use ${path}.`,
  readOnly: (path: string) => `${path} lies on a disk that cannot be written to.`,
  diskFull: (path: string) => `The disk is full: ${path} could not be written.`,
  quotaUsed: (path: string) => `The disk quota is used up: ${path} could not be written.`,
  filesOpen: (path: string) => `Too many files are open: ${path} could not be opened.`,
  unusable: (path: string, code: string) => `${path} could not be used (${code}).`,
  noFolder: (dir: string) => `The folder ${dir} does not exist.`,
  notAFolder: (path: string) => `${path} is not a folder.`,

  notJson: (path: string) => `${path} is damaged: it is not JSON.`,
  newer: (path: string) => `${path} was written by a newer version of Morphoscope.`,
  fieldWrong: (path: string, field: string) => `${path} is damaged: ${field} is not what it should be.`,
  wholeWrong: (path: string) => `${path} is damaged: the whole is not what it should be.`,
  line: (path: string) => `A line of ${path} is damaged.`,
  lineNumber: (path: string, number: number) => `Line ${number} of ${path} is damaged.`,
  safetensors: (reason: string) => `The safetensors file is damaged: ${reason}.`,

  notEmpty: (path: string) => `${path} is not empty and is no Morphoscope project: name an empty or new folder.`,
  fileOnTheWay: (path: string) => `${path} cannot be a project folder: there is a file of that name on the way.`,
  noProject: (path: string) => `${path} is no Morphoscope project.`,
  noRunNorProject: (path: string) => `${path} is neither a run nor a project.`,
  noRun: (path: string) => `The project ${path} has no run yet: train one first.`,
  noImages: (path: string) => `${path} holds no images.`,
  gone: (path: string) => `${path} is not there any more.`,
  hasRuns: (path: string) => `${path} has runs, which would be lost: it is kept.`,
  otherDataset: (path: string) => `${path} already holds another dataset: choose a new folder for this one.`,

  openElsewhere: (pid: number, since: string) => `The project is open in another place (process ${pid}, since ${since}): close it there first.`,
  openOnHost: (pid: number, host: string, since: string, lock: string) =>
    `The project is open in another place (process ${pid} on ${host}, since ${since}): close it there first, or delete ${lock} if it is not so.`,
  installingElsewhere: (pid: number, since: string) =>
    `The native backend is being installed or removed in another place (process ${pid}, since ${since}): close it there first.`,
  installingOnHost: (pid: number, host: string, since: string, lock: string) =>
    `The native backend is being installed or removed in another place (process ${pid} on ${host}, since ${since}): close it there first, or delete ${lock} if it is not so.`,
};
