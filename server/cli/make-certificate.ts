import { generateKeyPairSync } from 'node:crypto';
import forge from 'node-forge';
import { addressBytes } from '../base/ip-address.ts';

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

const RSA_BITS = 2048;
/** The most that a common name has (RFC 5280, appendix A.1). */
const NAME_CHARACTERS = 64;
const SERIAL_BYTES = 16;
const DNS_NAME = 2;
const IP_ADDRESS = 7;

/**
 * Makes an authority and a certificate of it for a server. The authority's key
 * is used once and forgotten, so that nobody can make another certificate that
 * those trust who trust the authority.
 */
export function makeCertificate({ hosts, authority, fromMs, untilMs }: CertificateWish): CertificateFiles {
  const [above, own] = [makeKey(), makeKey()];
  const root = certificateOf(above, { subject: authority, issuer: authority, fromMs, untilMs });
  const id = root.generateSubjectKeyIdentifier().getBytes();
  root.setExtensions([
    { name: 'basicConstraints', critical: true, cA: true, pathLenConstraint: 0 },
    { name: 'keyUsage', critical: true, keyCertSign: true, cRLSign: true },
    { name: 'subjectKeyIdentifier' },
  ]);
  const leaf = certificateOf(own, { subject: hosts[0] ?? '', issuer: authority, fromMs, untilMs }); // the names that count stand below
  leaf.setExtensions([
    { name: 'basicConstraints', critical: true, cA: false },
    { name: 'keyUsage', critical: true, digitalSignature: true, keyEncipherment: true },
    { name: 'extKeyUsage', serverAuth: true },
    { name: 'subjectAltName', altNames: hosts.map(alternativeName) },
    { name: 'subjectKeyIdentifier' },
    { name: 'authorityKeyIdentifier', keyIdentifier: id },
  ]);
  for (const one of [root, leaf]) one.sign(above.privateKey, forge.md.sha256.create());
  return {
    authority: forge.pki.certificateToPem(root),
    certificate: forge.pki.certificateToPem(leaf),
    key: own.pem,
  };
}

interface Contents {
  readonly subject: string;
  readonly issuer: string;
  readonly fromMs: number;
  readonly untilMs: number;
}

function certificateOf({ publicKey }: Key, { subject, issuer, fromMs, untilMs }: Contents): forge.pki.Certificate {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = publicKey;
  certificate.serialNumber = `01${forge.util.bytesToHex(forge.random.getBytesSync(SERIAL_BYTES - 1))}`; // above 0
  certificate.validity.notBefore = new Date(fromMs);
  certificate.validity.notAfter = new Date(untilMs);
  certificate.setSubject(nameOf(subject));
  certificate.setIssuer(nameOf(issuer));
  return certificate;
}

type Key = ReturnType<typeof makeKey>;

/** Made by Node, whose random numbers and speed they have. */
function makeKey() {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: RSA_BITS,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return {
    pem: privateKey,
    publicKey: forge.pki.publicKeyFromPem(publicKey),
    privateKey: forge.pki.privateKeyFromPem(privateKey),
  };
}

function nameOf(text: string): forge.pki.CertificateField[] {
  const value = [...text].slice(0, NAME_CHARACTERS).join('');
  return [{ name: 'commonName', value, valueTagClass: forge.asn1.Type.UTF8 as unknown as forge.asn1.Class }];
}

function alternativeName(host: string) {
  const address = addressBytes(host);
  return address
    ? { type: IP_ADDRESS, value: Buffer.from(address).toString('latin1') }
    : { type: DNS_NAME, value: host };
}
