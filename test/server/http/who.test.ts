import type { Request, Response } from 'express';
import { describe, expect, it } from 'vitest';
import { identify, operatorOf, personOf } from '../../../server/http/who.ts';
import { PERSON_HEADER } from '../../../server/wire/session.ts';
import { openGate } from '../../support/open-gate.ts';

describe('who is asking', () => {
  it.each([
    ['Kim', 'Kim'],
    ['%EA%B9%80%EB%AF%BC%EC%A7%80', '김민지'],
    ['%E1%84%80%E1%85%B5%E1%86%B7', '김'], // composed
    ['%20%20Kim%20', 'Kim'],
    ['%3Cscript%3E', '<script>'],
    ['%F0%9F%98%80'.repeat(80), '😀'.repeat(80)],
  ])('is known by the name %s', async (header, name) => {
    expect(operatorOf(await ask({ name: header }))).toMatchObject({ name, isOperator: true });
  });

  it.each([undefined, '', '%20', 'x'.repeat(81), '%00', 'a%0Ab', '%1B[2J', '%E0%A4', '%', '%ED%A0%80', 'a%C2%85'])(
    'has no name by %s',
    async (header) => {
      const req = await ask({ name: header });

      expect(personOf(req).name).toBeUndefined();
      expect(() => operatorOf(req)).toThrow(expect.objectContaining({ code: 'PERSON_REQUIRED' }));
    },
  );

  it('says what is missing: the secret first', async () => {
    const req = await ask({ secret: 'a long secret' });

    expect(() => operatorOf(req)).toThrow(expect.objectContaining({ code: 'SECRET_REQUIRED' }));
  });

  it.each([
    ['::ffff:10.0.0.1', '10.0.0.1'],
    ['::1', '::1'],
    [undefined, ''],
  ])('comes from %s', async (remoteAddress, address) => {
    expect(personOf(await ask({ remoteAddress })).address).toBe(address);
  });
});

async function ask(from: {
  readonly name?: string | undefined;
  readonly secret?: string;
  readonly remoteAddress?: string | undefined;
}): Promise<Request> {
  const res = { locals: {} } as Response;
  const headers: Record<string, string | undefined> = { [PERSON_HEADER]: from.name };
  const socket = { remoteAddress: from.remoteAddress, localPort: 80 };
  const req = { method: 'GET', get: (name: string) => headers[name], headers, socket, res } as unknown as Request;
  identify(await openGate({ secret: from.secret ?? '' }))(req, res, () => {});
  return req;
}
