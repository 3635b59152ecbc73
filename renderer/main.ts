import { mount } from 'svelte';
import App from './App.svelte';
import { openGateway } from './gateway/openGateway.js';
import { Session } from './session/Session.svelte.js';
import './theme/tokens.css';
import './theme/base.css';

const session = new Session(openGateway());
mount(App, { target: document.getElementById('app')!, props: { session } });
void session.begin();
