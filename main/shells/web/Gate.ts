import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Names of this machine's loopback addresses with any port: a port forwarded by ssh may have another number at the other end. */
const loopbackHost = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/;

/**
 * Decides who is let in. Anything on this machine, and any page that the person has open, can send requests to a loopback address:
 *
 * - the name that it was asked for by must be a loopback name, so that a page of a foreign name that was made to resolve to this
 *   machine (DNS rebinding) gets nothing;
 * - a request that a page makes must come from a page of ours;
 * - whoever asks must know the token: from the address that was printed, and from then on from a cookie.
 */
export class Gate {
  /** 256 random bits. */
  readonly token = randomBytes(32).toString('base64url');
  /** Cookies do not distinguish ports: each server has a name of its own. */
  readonly #cookie: string;

  constructor(port: number) {
    this.#cookie = `morphoscope-${port}`;
  }

  /** Null when the request may be answered, else a sentence for whoever reads the refusal. */
  check(request: IncomingMessage, { needsOrigin }: { readonly needsOrigin: boolean }): string | null {
    const { host = '', origin } = request.headers;
    if (!loopbackHost.test(host)) return 'The studio answers only at 127.0.0.1 and localhost.';
    if (origin === undefined ? needsOrigin : origin !== `http://${host}`) return 'Only the pages of the studio itself may ask it.';
    if (this.#isToken(tokenInAddress(request)) || this.#isToken(this.#tokenInCookie(request))) return null;
    return 'This address needs the token that was printed when the studio was started: open the whole address.';
  }

  /** The header by which a page that was opened with the token keeps it; none for one that has it already. */
  cookieFor(request: IncomingMessage): { readonly 'set-cookie'?: string } {
    return tokenInAddress(request) === null ? {} : { 'set-cookie': `${this.#cookie}=${this.token}; Path=/; HttpOnly; SameSite=Strict` };
  }

  #tokenInCookie(request: IncomingMessage): string | null {
    const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim());
    return pairs.find((pair) => pair.startsWith(`${this.#cookie}=`))?.slice(this.#cookie.length + 1) ?? null;
  }

  /** In a time that does not depend on how much of it is right. */
  #isToken(word: string | null): boolean {
    return word !== null && timingSafeEqual(digest(word), digest(this.token));
  }
}

function digest(word: string): Buffer {
  return createHash('sha256').update(word).digest();
}

function tokenInAddress(request: IncomingMessage): string | null {
  const query = request.url!.indexOf('?');
  return query < 0 ? null : new URLSearchParams(request.url!.slice(query)).get('token');
}
