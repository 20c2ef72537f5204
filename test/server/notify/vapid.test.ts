import { createECDH } from 'node:crypto';
import { expect, it } from 'vitest';
import { isVapidKey, makeVapidKey } from '../../../server/notify/vapid.ts';
import { decryptPush } from '../../support/push-service.ts';

it('a key is one that every browser takes', () => {
  for (let i = 0; i < 300; i++) expect(isVapidKey(makeVapidKey())).toBe(true); // some scalars begin with zeros
  for (const none of ['', 'A'.repeat(43), '_'.repeat(43), 'short']) expect(isVapidKey(none)).toBe(false);
});

it('the browser of these tests reads the example of RFC 8291, section 5', async () => {
  const pair = createECDH('prime256v1');
  pair.setPrivateKey('q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94', 'base64url');
  const auth = Buffer.from('BTBZMqHH6r4Tts7J_aSIgg', 'base64url');
  const body =
    'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_y' +
    'l95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN';
  const text = await decryptPush(Buffer.from(body, 'base64url'), pair, auth);
  expect(text.toString()).toBe('When I grow up, I want to be a watermelon');
});
