import { describe, expect, it } from 'vitest';
import { type Block, parseMarkdown } from '../../../client/components/markdown.ts';

describe('Markdown', () => {
  it.each<[string, string, readonly Block[]]>([
    ['a heading', '## For what ##', [{ kind: 'heading', level: 2, text: 'For what' }]],
    [
      'lines that belong together',
      'one\n two\n\nthree',
      [
        { kind: 'paragraph', text: 'one two' },
        { kind: 'paragraph', text: 'three' },
      ],
    ],
    [
      'a list after its words',
      'such as:\n- one\n  more\n- two',
      [
        { kind: 'paragraph', text: 'such as:' },
        { kind: 'list', items: ['one more', 'two'] },
      ],
    ],
    ['a numbered list', '1. one\n2) two', [{ kind: 'list', items: ['one', 'two'] }]],
    [
      'a table with a bar in a cell',
      '| a | b |\n| --- | :-: |\n| 1 \\| 2 | 3 |',
      [{ kind: 'table', heading: ['a', 'b'], rows: [['1 | 2', '3']] }],
    ],
    [
      'code as it is',
      '```\n# no **heading**\n```\nafter',
      [
        { kind: 'code', text: '# no **heading**' },
        { kind: 'paragraph', text: 'after' },
      ],
    ],
    ['code without an end', '```\nx', [{ kind: 'code', text: 'x' }]],
    [
      'lines of Windows',
      '# A\r\n\r\nb\r\n',
      [
        { kind: 'heading', level: 1, text: 'A' },
        { kind: 'paragraph', text: 'b' },
      ],
    ],
    ['HTML as text', '<script>x</script>', [{ kind: 'paragraph', text: '<script>x</script>' }]],
    ['bars that are no table', 'a | b', [{ kind: 'paragraph', text: 'a | b' }]],
    ['nothing', ' \n\n', []],
  ])('reads %s', (_name, text, blocks) => {
    expect(parseMarkdown(text)).toEqual(blocks);
  });

  it('comes to an end whatever it reads', () => {
    const signs = ['#', ' ', '\n', '|', '-', '`', '*', '>', '1.', 'x', '```', '| --- |'];
    for (let seed = 1; seed < 3000; seed++) {
      let state = seed;
      const text = Array.from({ length: 12 }, () => {
        state = (state * 48271) % 2147483647;
        return signs[state % signs.length];
      }).join('');
      expect(parseMarkdown(text).length).toBeLessThan(30);
    }
  });
});
