import { expect, it } from 'vitest';
import { CaptureDesk } from '../../../client/store/capture-desk.ts';
import type { CaptureReply, CaptureRequest } from '../../../server/wire/captures.ts';

it('asks once however often the key is pressed, and tells what became of it', async () => {
  const asked: CaptureRequest[] = [];
  let answer: (capture: CaptureReply) => void = () => undefined;
  const desk = new CaptureDesk((request) => {
    asked.push(request);
    return new Promise((resolve) => {
      answer = resolve;
    });
  });
  const heard: (string | undefined)[] = [];
  desk.subscribe(() => heard.push(desk.value?.kind));

  const first = desk.ask({ channel: 'PMT-1' });
  await desk.ask({ channel: 'PMT-1' });
  answer({ id: 'c1', state: 'recording' } as CaptureReply);
  await first;

  expect(asked).toEqual([{ channel: 'PMT-1' }]);
  expect(heard).toEqual(['asking', 'answered']);
  desk.dismiss();
  expect(desk.value).toBeUndefined();
});

it('says why there is no recording', async () => {
  const desk = new CaptureDesk(() => Promise.reject(new Error('the disk is full')));

  await desk.ask({ channel: 'PMT-1' });

  expect(desk.value).toEqual({ kind: 'failed', channel: 'PMT-1', why: 'the disk is full' });
});
