import { proveBinding } from '../../native/proof.js';
import { runEntry } from '../entryProcess.js';
import { ProverProcess } from '../ProverProcess.js';

runEntry(new ProverProcess(proveBinding));
