// Every kernel that the trace backend knows registers itself when its file is loaded.
import './convolutions.js';
import './elementwise.js';
import './products.js';
import './reductions.js';
import './resampling.js';
import './shapes.js';
