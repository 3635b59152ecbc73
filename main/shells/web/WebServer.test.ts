import { readdirSync } from 'node:fs';
import { request } from 'node:http';
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { studioSchemas } from '../../../shared/contract/schemas.js';
import type { StudioApi, StudioEvent } from '../../../shared/contract/studio.js';
import { FailureError } from '../../../shared/failure.js';
import type { StudioService } from '../../processes/studioService.js';
import { compiledUrl } from '../../runtime/compiledUrl.js';
import { clientOf, refusalOf } from './testSupport/clients.js';
import { WebServer } from './WebServer.js';

const patience = { timeout: 10_000, interval: 10 };
const notice = (message: string): StudioEvent => ({ kind: 'notice', about: 'run', message });

let emit: (event: StudioEvent) => void;
let server: WebServer;
beforeEach(async () => {
  server = await WebServer.listen(Promise.resolve(standIn()));
});
afterEach(() => server.dispose());

/** A studio that knows one answer. */
function standIn(): StudioService {
  const refusals = Object.keys(studioSchemas).map((name) => [name, () => Promise.reject(new Error(`${name} was reached`))]);
  const studio = { ...(Object.fromEntries(refusals) as unknown as StudioApi), newProjectPath: (name: string) => Promise.resolve(`/projects/${name}`) };
  return { studio, process: () => Promise.reject(new Error('no process')), onEvent: (listener) => void (emit = listener), dispose: () => Promise.resolve() };
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Asks for a path exactly as it is written: `fetch` would tidy it up. */
function ask(path: string, headers: OutgoingHttpHeaders = {}, method = 'GET'): Promise<Answer> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, path, method, headers, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text)).on('end', () => resolve({ status: response.statusCode!, headers: response.headers, body }));
    });
    asked.on('error', reject).end();
  });
}

const pathWithToken = (): string => `/${new URL(server.url).search}`;
const cookieOf = async (): Promise<string> => (await ask(pathWithToken())).headers['set-cookie']![0]!.split(';', 1)[0]!;

test('the page opens by its address, and from then on by the cookie that came with it', async () => {
  const opened = await ask(pathWithToken());
  expect(opened).toMatchObject({ status: 200, body: expect.stringContaining('<title>Morphoscope</title>') as string });
  expect(opened.headers['set-cookie']).toEqual([expect.stringMatching(/^morphoscope-\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/)]);
  const cookie = await cookieOf();
  const again = await ask('/', { cookie: `other=1; ${cookie}` });
  expect(again.status).toBe(200);
  expect(again.headers['set-cookie']).toBeUndefined();
  expect(await ask('/', { cookie, host: 'localhost:9000' })).toMatchObject({ status: 200 });
});

test('every answer forbids what the page does not need, and only names with a hash are kept', async () => {
  const cookie = await cookieOf();
  const asset = readdirSync(fileURLToPath(compiledUrl('../../../renderer/assets/', import.meta.url))).find((name) => name.endsWith('.js'))!;
  const [page, script, refused] = [await ask('/', { cookie }), await ask(`/assets/${asset}`, { cookie }), await ask('/')];
  for (const { headers } of [page, script, refused]) {
    expect(headers).toMatchObject({
      'content-security-policy': expect.stringContaining("default-src 'none'; script-src 'self'") as string,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    });
  }
  expect(page.headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' });
  expect(script.headers).toMatchObject({ 'content-type': 'text/javascript; charset=utf-8', 'cache-control': expect.stringContaining('immutable') as string });
  expect(await ask('/', { cookie }, 'HEAD')).toMatchObject({ status: 200, body: '' });
});

test.each([
  ['no token', '/', {}, 403],
  ['a wrong token', '/?token=wrong', {}, 403],
  ['a wrong token in a cookie', '/', { cookie: 'morphoscope-1=wrong' }, 403],
  ['a foreign name that leads here', null, { host: 'rebound.example:80' }, 403],
  ['a name that only begins like ours', null, { host: 'localhost.example' }, 403],
  ['a page from elsewhere', null, { origin: 'https://elsewhere.example' }, 403],
  ['a page of another server of this machine', null, { origin: 'http://127.0.0.1:1' }, 403],
  ['a page without an origin of its own', null, { origin: 'null' }, 403],
])('a request with %s is refused with a sentence', async (_, path, headers, status) => {
  const answer = await ask(path ?? pathWithToken(), headers);
  expect(answer).toMatchObject({ status, body: expect.stringMatching(/^[A-Z].*\.\n$|open the whole address\.\n$/) as string });
  expect(answer.headers['set-cookie']).toBeUndefined();
});

test.each(['/../../package.json', '/..%2f..%2fpackage.json', '/assets/../../main/shells/web/WebServer.js', '/%2e%2e/shared/result.js', '/..\\..\\package.json', '/%00', '/assets', '/assets/', '/none.js', 'http://elsewhere.example/'])(
  'nothing is found at %s',
  async (path) => expect(await ask(path, { cookie: await cookieOf() })).toMatchObject({ status: 404 }),
);

test('nothing but reading is answered', async () => {
  const cookie = await cookieOf();
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) expect(await ask('/', { cookie }, method)).toMatchObject({ status: 405 });
});

test('a connection needs the token, a loopback name and a page of ours behind it', async () => {
  const { origin, host } = new URL(server.url);
  const cookie = await cookieOf();
  expect(await refusalOf(server.url, 'studio', { cookie })).toBe(403);
  expect(await refusalOf(server.url, 'studio', { origin })).toBe(403);
  expect(await refusalOf(server.url, 'studio', { cookie, origin: 'https://elsewhere.example' })).toBe(403);
  expect(await refusalOf(server.url, 'studio', { cookie, origin, host: 'rebound.example' })).toBe(403);
  expect(await refusalOf(server.url, 'studio', { cookie: cookie.replace(/=.*/, '=wrong'), origin })).toBe(403);
  expect(await refusalOf(server.url, 'drop', { origin })).toBe(403);
  expect(await refusalOf(server.url, 'elsewhere', { cookie, origin })).toBe(404);
  expect(await refusalOf(server.url, 'studio', { cookie, origin, host })).toBeNull();
});

test('calls are answered, wrong ones refused, and calls made before the studio is up wait for it', async () => {
  let ready!: (service: StudioService) => void;
  const early = await WebServer.listen(new Promise((resolve) => (ready = resolve)));
  const { studio } = await clientOf(early.url);
  const path = studio.newProjectPath('a');
  ready(standIn());
  expect(await path).toBe('/projects/a');
  expect(await studio.setBeta(NaN)).toMatchObject({ ok: false, error: { code: 'usage' } });
  await expect(studio.setBeta(1)).rejects.toThrow('setBeta was reached');
  await early.dispose();
});

test('all windows hear the same, one that leaves disturbs nobody', async () => {
  const [first, second] = [await clientOf(server.url), await clientOf(server.url)];
  await Promise.all([first.studio.newProjectPath('a'), second.studio.newProjectPath('a')]);
  emit(notice('to both'));
  await expect.poll(() => [first.events, second.events], patience).toEqual([[notice('to both')], [notice('to both')]]);
  first.transport.close();
  emit(notice('to one'));
  await expect.poll(() => second.events, patience).toEqual([notice('to both'), notice('to one')]);
  expect(first.events).toHaveLength(1);
});

test('a client that sends nonsense or too much loses its connection and nobody else does', async () => {
  const [good, nonsense, tooMuch] = [await clientOf(server.url), await clientOf(server.url), await clientOf(server.url, 'drop')];
  nonsense.socket.send('text');
  tooMuch.socket.send(new Uint8Array(9 * 1024 * 1024));
  await Promise.all([nonsense, tooMuch].map(({ transport }) => new Promise((resolve) => transport.onClose(resolve))));
  expect(await good.studio.newProjectPath('a')).toBe('/projects/a');
});

test('a port that is taken is a failure with a sentence', async () => {
  const port = Number(new URL(server.url).port);
  const second = WebServer.listen(Promise.resolve(standIn()), port);
  await expect(second).rejects.toThrow(FailureError);
  await expect(second).rejects.toThrow(`Port ${port} is in use`);
});
