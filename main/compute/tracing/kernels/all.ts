import './elementwise.js';
import './products.js';
import './reductions.js';
import './shapes.js';
