import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { connect } from '../../shared/contract/rpc.js';
import type { Peer } from '../../shared/contract/rpc.js';
import type { Transport } from '../../shared/contract/transport.js';
import { failure } from '../../shared/failure.js';
import type { Failure } from '../../shared/failure.js';
import { err, ok } from '../../shared/result.js';
import type { Result } from '../../shared/result.js';
import { say, type Sentence } from '../../shared/sentence.js';
import { isNativeChatter } from '../native/chatter.js';
import type { ProcessEnd } from '../studio/studioProcesses.js';
import type { ControlledApi, OwnerControlApi } from './control.js';
import { forEachLine } from './lines.js';
import { nextProcessState } from './processState.js';
import type { ProcessState, ProcessStep } from './processState.js';

/** A started child of either kind, Node's or Electron's. */
export interface ChildHandle {
  /** The system's number for it; undefined while or where there is none. */
  readonly pid: number | undefined;
  readonly control: Transport;
  /** Its standard output and standard error. */
  readonly output: readonly Readable[];
  /** Calls back once, when the process is no more or could not be started. */
  onEnd(listener: (end: ChildEnd) => void): void;
  /** Ends it at once, without asking. */
  kill(): void;
}

export type ChildEnd =
  | { readonly kind: 'ended'; readonly status: number | null; readonly signal: string | null }
  | { readonly kind: 'not-started'; readonly detail: string };

/** How long processes are given. */
export interface Deadlines {
  /** From the start until the entry is ready. */
  readonly startMs: number;
  /** From the request to stop until it is killed: enough for a trainer to end its step and write a checkpoint. */
  readonly stopMs: number;
}

export const defaultDeadlines: Deadlines = { startMs: 60_000, stopMs: 15_000 };

/** After the end of a process, its last words are waited for this long; a grandchild may keep the pipe open. */
const lastWordsMs = 250;

/** One process of ours, from before its start to after its end. Node and Electron differ only in the `ChildHandle`. */
export class ManagedProcess {
  /** Settles when it has ended, however it did. */
  readonly ended: Promise<ProcessEnd>;
  #state: ProcessState = 'idle';
  #child: ChildHandle | null = null;
  #controlled: Peer<ControlledApi> | null = null;
  #killTimer: NodeJS.Timeout | undefined;
  /** The last line of its output that names an error, or why it was killed. */
  #complaint: string | Sentence = '';
  #resolveEnded!: (end: ProcessEnd) => void;
  readonly #stateListeners: ((state: ProcessState) => void)[] = [];

  /**
   * @param name unique among the processes of an owner: "trainer-2"
   * @param log takes the lines that it prints
   */
  constructor(
    readonly name: string,
    private readonly log: (line: string) => void,
    private readonly deadlines: Deadlines,
  ) {
    this.ended = new Promise((resolve) => (this.#resolveEnded = resolve));
  }

  get state(): ProcessState {
    return this.#state;
  }

  /** The system's number for it; undefined while there is none. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Its control connection, from the start on; calls reject once it has ended. */
  get controlled(): Peer<ControlledApi> {
    if (!this.#controlled) throw new Error(`${this.name} was not started.`);
    return this.#controlled;
  }

  onState(listener: (state: ProcessState) => void): void {
    this.#stateListeners.push(listener);
  }

  /** Starts it once; resolves when its entry is ready, or with why it is not. */
  async start(spawn: () => ChildHandle): Promise<Result<null, Failure>> {
    this.#step('start');
    let child: ChildHandle;
    try {
      child = spawn();
    } catch (error) {
      return this.#fail(String(error));
    }
    this.#child = child;
    const output = child.output.map((stream) => forEachLine(stream, (line) => this.#hear(line)));
    child.onEnd((end) => void Promise.race([Promise.all(output), delay(lastWordsMs)]).then(() => this.#end(end)));
    const ready = new Promise<void>((resolve) => {
      this.#controlled = connect<OwnerControlApi, ControlledApi>(child.control, { ready: resolve });
    });
    const late = setTimeout(() => this.#killLate(say('processes.notReadyInTime')), this.deadlines.startMs);
    const end = await Promise.race([ready, this.ended]);
    clearTimeout(late);
    if (end) return err(failure('crashed', end));
    if (this.#state === 'starting' || this.#state === 'stopping') this.#step('ready');
    return ok(null);
  }

  /** Asks it to end and kills it after the deadline. The promise is `ended`. */
  stop(): Promise<ProcessEnd> {
    if (this.#state === 'starting' || this.#state === 'running') {
      this.#step('stop');
      this.controlled.send.stop();
      this.#killTimer = setTimeout(() => this.#killLate(say('processes.notStoppedInTime')), this.deadlines.stopMs);
    }
    return this.ended;
  }

  /** Ends it at once. */
  kill(): void {
    this.#child?.kill();
  }

  #killLate(complaint: Sentence): void {
    this.#complaint = complaint;
    this.kill();
  }

  #hear(line: string): void {
    if (isNativeChatter(line)) return;
    if (/^\w*(Error|FATAL)\b/.test(line)) this.#complaint = line;
    this.log(`[${this.name}] ${line}`);
  }

  #fail(detail: string): Result<never, Failure> {
    this.#end({ kind: 'not-started', detail });
    return err(failure('resources', say('processes.notStarted', this.name, detail)));
  }

  #end(end: ChildEnd): void {
    clearTimeout(this.#killTimer);
    const clean = end.kind === 'ended' && end.status === 0;
    this.#step(clean ? 'exit' : 'crash');
    this.#resolveEnded({ kind: clean ? 'exited' : 'crashed', ...this.#sentence(end) });
  }

  #sentence(end: ChildEnd): Sentence {
    if (end.kind === 'not-started') return say('processes.notStarted', this.name, end.detail);
    if (end.status === 0) return say('processes.ended', this.name);
    const [how, what] = end.signal ? (['signal', end.signal] as const) : (['status', String(end.status)] as const);
    return this.#complaint === '' ? say(`processes.${how}`, this.name, what) : say(`processes.${how}After`, this.name, what, this.#complaint);
  }

  #step(step: ProcessStep): void {
    const next = nextProcessState(this.#state, step);
    if (!next) throw new Error(`The process ${this.name} cannot ${step}: it is ${this.#state}.`);
    this.#state = next;
    for (const listener of this.#stateListeners) listener(next);
  }
}
