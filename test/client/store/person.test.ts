import { beforeEach, describe, expect, it } from 'vitest';
import { type Entry, PersonDesk, type PersonSources } from '../../../client/store/person.ts';

let stored: Map<string, string>;
let entries: (Entry | Error)[];
let tried: string[];

beforeEach(() => {
  stored = new Map();
  entries = [];
  tried = [];
});

describe('the desk of a person', () => {
  it('asks for a name, takes only one, and keeps it in the browser', async () => {
    const desk = open();
    const given = desk.ask('name');
    expect(desk.value).toMatchObject({ name: undefined, want: 'name' });

    await desk.answer('  ');
    expect(desk.value).toMatchObject({ want: 'name', fault: 'name' });
    await desk.answer(' 김민지 ');

    expect(await given).toBe(true);
    expect(desk.value).toMatchObject({ name: '김민지', want: undefined, fault: undefined });
    expect(open().value.name).toBe('김민지');
  });

  it('asks for the secret until it is right', async () => {
    const desk = open();
    const given = desk.ask('secret');
    entries = ['wrong', new Error('no line'), 'later', 'in'];

    const faults = [];
    for (const secret of ['a', 'b', 'c', 'd']) {
      await desk.answer(secret);
      faults.push(desk.value.fault);
    }

    expect(faults).toEqual(['wrong', 'failed', 'later', undefined]);
    expect(await given).toBe(true);
    expect(tried).toEqual(['a', 'b', 'c', 'd']);
    expect([...stored.values()]).toEqual([]); // no secret stays
    expect(desk.value.session).toEqual({ isOperator: true, needsSecret: true });
  });

  it('sends a secret once, however often the key is pressed', async () => {
    const desk = open();
    void desk.ask('secret');
    entries = ['wrong'];

    await Promise.all([desk.answer('a'), desk.answer('a')]);

    expect(tried).toEqual(['a']);
  });

  it('asks one thing at a time, and the same thing once', async () => {
    const desk = open();
    const secrets = [desk.ask('secret'), desk.ask('secret')];
    const name = desk.ask('name');
    entries = ['in'];

    await desk.answer('a');
    expect(await Promise.all(secrets)).toEqual([true, true]);
    await expect.poll(() => desk.value.want).toBe('name');
    await desk.answer('Kim');

    expect(await name).toBe(true);
  });

  it('says no where the person would not, also while the secret is on its way', async () => {
    const desk = open();
    const given = desk.ask('secret');
    entries = ['in'];
    const sent = desk.answer('a');

    desk.giveUp();
    await sent;

    expect(await given).toBe(false);
    expect(desk.value).toMatchObject({ want: undefined, isSending: false });
    const again = desk.ask('secret');
    entries = ['in'];
    await desk.answer('a');
    expect(await again).toBe(true);
  });

  it.each<Entry>(['in', 'wrong'])(
    'leaves the next question alone where the secret was given up and comes to %s',
    async (entry) => {
      let end = (_entry: Entry): void => undefined;
      const desk = open({
        enter: () =>
          new Promise((resolve) => {
            end = resolve;
          }),
      });
      void desk.ask('secret');
      const sent = desk.answer('a');
      desk.giveUp();
      const name = desk.ask('name');
      await expect.poll(() => desk.value.want).toBe('name');

      end(entry);
      await sent;

      expect(desk.value).toMatchObject({ want: 'name', fault: undefined, isSending: false });
      await desk.answer('Kim');
      expect(await name).toBe(true);
    },
  );

  it('knows of the session what it was told, and ends it', async () => {
    const desk = open();

    await desk.look();
    expect(desk.value.session).toEqual({ isOperator: true, needsSecret: true });
    await desk.leave();
    expect(desk.value.session).toEqual({ isOperator: false, needsSecret: true });
  });

  it.each([
    ['storage is forbidden', undefined],
    ['something else is stored', '\0'],
  ])('has no name where %s, and takes one for the visit', async (_name, content) => {
    const storage = () => {
      if (content === undefined) throw new DOMException('forbidden');
      return { getItem: () => content, setItem: () => undefined };
    };
    const desk = open({ storage });
    expect(desk.value.name).toBeUndefined();

    void desk.ask('name');
    await desk.answer('Kim');
    expect(desk.value.name).toBe('Kim');
  });
});

function open(parts: Partial<PersonSources> = {}): PersonDesk {
  return new PersonDesk({
    storage: () => ({
      getItem: (key) => stored.get(key) ?? null,
      setItem: (key, value) => void stored.set(key, value),
    }),
    enter: async (secret) => {
      tried.push(secret);
      const entry = entries.shift();
      if (entry instanceof Error || entry === undefined) throw entry ?? new Error('not expected');
      return entry;
    },
    look: async () => ({ isOperator: true, needsSecret: true }),
    leave: async () => ({ isOperator: false, needsSecret: true }),
    ...parts,
  });
}
