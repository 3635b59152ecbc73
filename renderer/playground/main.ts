import { mount } from 'svelte';
import { locales } from '../../shared/messages/locale.js';
import App from '../App.svelte';
import { FakeGateway } from '../gateway/FakeGateway.js';
import { Session } from '../session/Session.svelte.js';
import '../theme/tokens.css';
import '../theme/base.css';
import { prepare } from './prepare.js';

declare global {
  interface Window {
    /** For whoever measures or steers the page from outside. */
    playground: { readonly gateway: FakeGateway; readonly session: Session };
  }
}

const parameters = new URLSearchParams(location.search);
const number = (name: string, fallback: number): number => Number(parameters.get(name) ?? fallback);

// Each page is what its address says: nothing is left of the one before.
sessionStorage.clear();

const gateway = new FakeGateway({ count: number('count', 2000), pace: number('pace', 1) });
const open = prepare(gateway, parameters.get('stage') ?? 'empty', number('epochs', 200), number('latent', 16));
const session = new Session(gateway);
const theme = parameters.get('theme');
if (theme === 'dark' || theme === 'light') session.preferences.setTheme(theme);
const locale = locales.find((known) => known === parameters.get('lang'));
if (locale) session.preferences.setLocale(locale);
window.playground = { gateway, session };

mount(App, { target: document.getElementById('app')!, props: { session } });
await session.begin();
if (open && !session.project) await session.openProject(open);
