import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { addressBytes } from '../base/ip-address.ts';
import {
  bitString,
  boolean,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  set,
  tagged,
  taggedBytes,
  time,
  utf8String,
} from './der.ts';

// X.509 certificates of version 3 (RFC 5280) with keys on P-256.

export interface CertificateWish {
  /** Names and addresses that the server goes by; the first names it. */
  readonly hosts: readonly string[];
  /** Under which name phones list the authority. */
  readonly authority: string;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** All in PEM. */
export interface CertificateFiles {
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
}

const ECDSA_SHA256 = '1.2.840.10045.4.3.2';
const COMMON_NAME = '2.5.4.3';
const SERVER_AUTHENTICATION = '1.3.6.1.5.5.7.3.1';
const EXTENSION = {
  subjectKey: '2.5.29.14',
  keyUsage: '2.5.29.15',
  names: '2.5.29.17',
  constraints: '2.5.29.19',
  issuerKey: '2.5.29.35',
  purpose: '2.5.29.37',
} as const;
/** The most that a common name has. */
const NAME_CHARACTERS = 64;
const DNS_NAME = 2;
const IP_ADDRESS = 7;
const VERSION_3 = 2;
// Bits of the key's usage from the left (4.2.1.3): digitalSignature, keyCertSign and cRLSign.
const SIGN_MESSAGES = bitString(Uint8Array.of(0b1000_0000), 7);
const SIGN_CERTIFICATES = bitString(Uint8Array.of(0b0000_0110), 1);

/**
 * Makes an authority and a certificate of it for a server. The authority's key
 * is used once and forgotten, so that nobody can make another certificate that
 * those trust who trust the authority.
 */
export function makeCertificate({ hosts, authority, fromMs, untilMs }: CertificateWish): CertificateFiles {
  const authorityName = authority.slice(0, NAME_CHARACTERS);
  const [above, own] = [makeKey(), makeKey()];
  const common = { issuer: authorityName, signer: above.privateKey, fromMs, untilMs };
  const root = certify({
    ...common,
    subject: authorityName,
    key: above.publicKey,
    extensions: [
      extension('constraints', sequence(boolean(true), integer(Uint8Array.of(0))), { isCritical: true }),
      extension('keyUsage', SIGN_CERTIFICATES, { isCritical: true }),
      extension('subjectKey', octetString(identifierOf(above.publicKey))),
    ],
  });
  const leaf = certify({
    ...common,
    subject: (hosts[0] ?? '').slice(0, NAME_CHARACTERS), // the names that count stand below
    key: own.publicKey,
    extensions: [
      extension('constraints', sequence(), { isCritical: true }),
      extension('keyUsage', SIGN_MESSAGES, { isCritical: true }),
      extension('purpose', sequence(objectIdentifier(SERVER_AUTHENTICATION))),
      extension('names', sequence(...hosts.map(generalName))),
      extension('subjectKey', octetString(identifierOf(own.publicKey))),
      extension('issuerKey', sequence(taggedBytes(0, identifierOf(above.publicKey)))),
    ],
  });
  return {
    authority: toPem(root),
    certificate: toPem(leaf),
    key: own.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

interface Contents {
  readonly subject: string;
  readonly issuer: string;
  readonly signer: KeyObject;
  readonly key: KeyObject;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly extensions: readonly Uint8Array[];
}

function certify({ subject, issuer, signer, key, fromMs, untilMs, extensions }: Contents): Uint8Array {
  const algorithm = sequence(objectIdentifier(ECDSA_SHA256));
  const signed = sequence(
    tagged(0, integer(Uint8Array.of(VERSION_3))),
    integer(randomBytes(16)),
    algorithm,
    nameOf(issuer),
    sequence(time(fromMs), time(untilMs)),
    nameOf(subject),
    key.export({ type: 'spki', format: 'der' }),
    tagged(3, sequence(...extensions)),
  );
  return sequence(signed, algorithm, bitString(sign('sha256', signed, signer)));
}

function extension(kind: keyof typeof EXTENSION, value: Uint8Array, { isCritical = false } = {}): Uint8Array {
  return sequence(objectIdentifier(EXTENSION[kind]), ...(isCritical ? [boolean(true)] : []), octetString(value));
}

function nameOf(text: string): Uint8Array {
  return sequence(set(sequence(objectIdentifier(COMMON_NAME), utf8String(text))));
}

function generalName(host: string): Uint8Array {
  const address = addressBytes(host);
  return address ? taggedBytes(IP_ADDRESS, address) : taggedBytes(DNS_NAME, Buffer.from(host, 'latin1'));
}

// The SHA-1 of the key's bits, method 1 of 4.2.1.2: those are the last 65 bytes of its description.
function identifierOf(key: KeyObject): Uint8Array {
  return createHash('sha1')
    .update(key.export({ type: 'spki', format: 'der' }).subarray(-65))
    .digest();
}

function makeKey() {
  return generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
}

function toPem(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
